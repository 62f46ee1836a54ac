// Someone may look over the shoulder: cover the page at once, or leave it with no way back to it.

const PRESSES = 3;
const WITHIN_MILLISECONDS = 2000;

export function watchPrivacy(root) {
  const cover = root.querySelector("[data-cover]");
  const leave = root.querySelector("[data-leave]");
  const title = root.title;

  function hide() {
    if (!cover || cover.open) return;
    root.title = cover.dataset.title;
    cover.showModal();
  }

  function show() {
    if (!cover?.open) return;
    cover.close();
    root.title = title;
  }

  if (cover) {
    cover.addEventListener("cancel", (event) => event.preventDefault());
    cover.querySelector("[data-uncover]").addEventListener("click", show);
    for (const button of root.querySelectorAll("[data-hide]")) {
      button.addEventListener("click", (event) => {
        event.preventDefault();
        hide();
      });
    }
    watchIdleness(root, Number(cover.dataset.minutes), hide);
  }

  if (leave) {
    const go = () => {
      root.title = "";
      root.body.classList.add("leaving");
      location.replace(leave.href);
    };
    leave.addEventListener("click", (event) => {
      event.preventDefault();
      go();
    });
    let presses = [];
    root.addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Escape") {
          presses = [];
          return;
        }
        const now = performance.now();
        presses = [...presses.filter((then) => now - then < WITHIN_MILLISECONDS), now];
        if (presses.length >= PRESSES) go();
      },
      true,
    );
  }

  return { hide, show };
}

function watchIdleness(root, minutes, hide) {
  if (!(minutes > 0)) return;
  let last = Date.now();
  for (const name of ["keydown", "pointerdown", "pointermove", "scroll", "input"]) {
    root.addEventListener(name, () => (last = Date.now()), { passive: true, capture: true });
  }
  setInterval(() => {
    if (Date.now() - last >= minutes * 60_000) hide();
  }, 1000);
}
