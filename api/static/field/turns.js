// One page at a time is open. Two that held the same visits would write over each other's; so whoever opens a page
// takes the turn, the other one locks itself, brings to an end what it was writing, and lets go.

const NAME = "daftar";
// How often a page that waits asks again: the other one may have been opening at that moment.
const AGAIN = 1000;

/** `giveWay` is called where another page wants to open, `changed` where it has changed what is kept. */
export function takeTurns(giveWay, changed) {
  const others = new BroadcastChannel(NAME);
  let letGo = null;
  others.onmessage = ({ data }) => (data === "give way" ? giveWay() : changed());
  const ask = () => others.postMessage("give way");
  const hold = (held) =>
    navigator.locks.request(NAME, () => {
      held();
      return new Promise((done) => {
        letGo = done;
      });
    });

  return {
    /** Wait until no other page is open. */
    async take() {
      if (letGo !== null) return;
      ask();
      const asking = setInterval(ask, AGAIN);
      await new Promise((held, failed) => hold(held).catch(failed)).finally(() => clearInterval(asking));
    },
    leave() {
      letGo?.();
      letGo = null;
    },
    /** Tell the other pages that what is kept has changed. */
    tell: () => others.postMessage("changed"),
  };
}
