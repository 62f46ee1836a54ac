// Makes what ../api/static serves, from the sources here and from pinned packages. Run by `make assets`.
// The list of hashes names what was made and what it was made of, so that a test sees either change alone.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import rtlcss from "rtlcss";
import * as sass from "sass";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const house = dirname(here);
const made = join(house, "api", "static");
const tests = join(house, "tests", "api", "pages");
const packages = join(here, "node_modules");

// The field form in its own folder is made elsewhere.
for (const name of ["ui.css", "ui.rtl.css", "ui.js", "htmx.js", "fonts", "licences"]) {
  rmSync(join(made, name), { recursive: true, force: true });
}
for (const name of ["fonts", "licences"]) mkdirSync(join(made, name), { recursive: true });

const { css } = sass.compile(join(here, "styles", "ui.scss"), {
  loadPaths: [packages],
  style: "compressed",
  quietDeps: true,
});
writeFileSync(join(made, "ui.css"), `${css}\n`);
writeFileSync(join(made, "ui.rtl.css"), `${rtlcss.process(css)}\n`);

await build({
  entryPoints: [join(here, "scripts", "ui.js")],
  outfile: join(made, "ui.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  nodePaths: [packages],
});
cpSync(join(packages, "htmx.org", "dist", "htmx.min.js"), join(made, "htmx.js"));

const between = (first, last) =>
  Array.from({ length: last - first + 1 }, (_, step) => String.fromCodePoint(first + step)).join("");
// These are the ranges of styles/_fonts.scss.
const latin =
  between(0x20, 0x7e) + between(0xa0, 0xff) + "\u2009\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2022\u2026\u202f\u2039\u203a" + between(0x2190, 0x2193) + "\u2212";
const arabic =
  "\u060c\u061b\u061f" + between(0x621, 0x63a) + between(0x640, 0x655) + between(0x660, 0x66d) + "\u0670" +
  "\u0679\u067e\u0686\u0688\u0691\u0698\u06a4\u06a9\u06af\u06ba\u06be\u06c0\u06c1\u06c3\u06c6\u06cc\u06d2\u06d3\u06d4\u06d5" +
  between(0x6f0, 0x6f9) + "\u200c\u200d";
for (const [family, script, letters] of [
  ["noto-sans", "latin", latin],
  ["noto-sans-arabic", "arabic", arabic],
]) {
  for (const weight of [400, 600]) {
    const whole = readFileSync(join(packages, "@fontsource", family, "files", `${family}-${script}-${weight}-normal.woff2`));
    const cut = await subsetFont(whole, letters, { targetFormat: "woff2" });
    writeFileSync(join(made, "fonts", `${family}-${weight}.woff2`), cut);
  }
}

for (const [from, to] of [
  ["htmx.org/LICENSE", "htmx.txt"],
  ["@fontsource/noto-sans/LICENSE", "noto-sans.txt"],
  ["@fontsource/noto-sans-arabic/LICENSE", "noto-sans-arabic.txt"],
]) {
  cpSync(join(packages, from), join(made, "licences", to));
}
cpSync(join(here, "licences", "govuk-frontend.txt"), join(made, "licences", "govuk-frontend.txt"));

// The accessibility checker of the tests; it is never served.
mkdirSync(join(tests, "axe"), { recursive: true });
cpSync(join(packages, "axe-core", "axe.min.js"), join(tests, "axe", "axe.min.js"));
cpSync(join(packages, "axe-core", "LICENSE"), join(tests, "axe", "LICENSE"));

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

const listed = [
  ...["ui.css", "ui.rtl.css", "ui.js", "htmx.js"].map((name) => join(made, name)),
  ...["fonts", "licences"].flatMap((name) => filesBelow(join(made, name))),
  ...filesBelow(join(tests, "axe")),
  ...["styles", "scripts", "licences"].flatMap((name) => filesBelow(join(here, name))),
  ...["build.mjs", "package.json", "package-lock.json"].map((name) => join(here, name)),
];
const lines = listed
  .map((path) => [relative(house, path).replaceAll("\\", "/"), createHash("sha256").update(readFileSync(path)).digest("hex")])
  .sort(([one], [other]) => (one < other ? -1 : 1))
  .map(([path, digest]) => `${digest}  ${path}`);
writeFileSync(join(here, "SHA256SUMS"), `${lines.join("\n")}\n`);
console.log(`${lines.length} files listed in frontend/SHA256SUMS`);
