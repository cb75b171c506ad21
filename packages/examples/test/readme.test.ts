/** Programs in READMEs are programs: each is taken out and type-checked against the packages. */
import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, it } from "vitest"

const top = fileURLToPath(new URL("../../../", import.meta.url))
const directory = fileURLToPath(new URL("../.tmp/readme", import.meta.url))

afterAll(() => rmSync(directory, { recursive: true, force: true }))

const readmes = [
  "README.md",
  ...readdirSync(join(top, "packages")).map((name) => join("packages", name, "README.md"))
].filter((file) => existsSync(join(top, file)))

const programs = readmes.flatMap((file) =>
  [...readFileSync(join(top, file), "utf8").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, text = ""], index) => ({
    name: `${file.replaceAll(/\W/g, "-")}-${index}.ts`,
    text: `${text}\nexport {}\n`
  }))
)

it("every program in a README compiles", () => {
  assert.isAtLeast(programs.length, 5)
  mkdirSync(directory, { recursive: true })
  for (const { name, text } of programs) writeFileSync(join(directory, name), text)
  writeFileSync(
    join(directory, "tsconfig.json"),
    JSON.stringify({
      extends: join(top, "tsconfig.json"),
      compilerOptions: { types: ["node"], noUnusedLocals: false },
      include: ["*.ts"]
    })
  )
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc")
  try {
    execFileSync(process.execPath, [compiler, "-p", directory], { stdio: "pipe" })
  } catch (cause) {
    assert.fail(String((cause as { readonly stdout?: Buffer }).stdout))
  }
}, 60_000)
