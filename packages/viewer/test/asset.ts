/**
 * The program and the style of the page, made from `src/internal/client` by Rolldown, and the text of the file that holds
 * them. Whoever uses the package needs no bundler: what it made is under version control, and `asset.test.ts` holds it
 * to its sources.
 */
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { rolldown } from "rolldown"

const client = (name: string): string => fileURLToPath(new URL(`../src/internal/client/${name}`, import.meta.url))

export const assetPath = fileURLToPath(new URL("../src/internal/asset.ts", import.meta.url))

export const makeAsset = async (): Promise<string> => {
  const bundle = await rolldown({ input: client("main.ts"), platform: "browser", logLevel: "silent" })
  const { output } = await bundle.generate({ format: "iife", minify: true, sourcemap: false })
  await bundle.close()
  // Neither text may hold what ends the block that it stands in; `asset.test.ts` looks.
  const script = output[0].code.trim()
  const style = readFileSync(client("style.css"), "utf8").trim()
  return [
    "/**",
    " * The program and the style of the page, and the hashes by which its policy knows them. Made from `client` by",
    " * `node packages/viewer/test/asset.make.ts`; not to be edited.",
    " */",
    "// dprint-ignore-file",
    ...Object.entries({ script, scriptHash: hash(script), style, styleHash: hash(style) }).flatMap(([name, text]) => [
      "",
      "/** @internal */",
      `export const ${name} = ${JSON.stringify(text)}`
    ]),
    ""
  ].join("\n")
}

const hash = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`
