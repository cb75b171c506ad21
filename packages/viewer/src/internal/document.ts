/**
 * The document around the data: policy, style, data and program. Text from outside stands in two places only, the title
 * and the block of data, each escaped for where it is.
 */
import * as Describe from "@xmpp-e2e/protocol/Describe"
import { script, scriptHash, style, styleHash } from "./asset.ts"
import type { Model } from "./model.ts"

/** @internal */
export const document = (model: Model): string =>
  [
    "<!doctype html>",
    "<html lang=\"en\">",
    "<meta charset=\"utf-8\">",
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    "<meta name=\"referrer\" content=\"no-referrer\">",
    `<title>${markup(title(model))}</title>`,
    `<style>${style}</style>`,
    "<body>",
    "<noscript>This page shows a recording with a script of its own, and scripts are turned off.</noscript>",
    "<div id=\"app\"></div>",
    `<script type="application/json" id="data">${data(model)}</script>`,
    `<script>${script}</script>`,
    "</html>",
    ""
  ].join("\n")

/** @internal JSON in which nothing can end the block it stands in, or a line of a script. */
export const data = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`
  )

/** @internal Text between tags. */
export const markup = (text: string): string => text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`)

/** Meta elements cannot forbid framing; everything else is forbidden. */
const policy = [
  "default-src 'none'",
  `script-src '${scriptHash}'`,
  `style-src '${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'"
].join("; ")

const title = ({ sides }: Model): string =>
  `${sides.map(({ self }) => Describe.clean(self, titleMax)).join(" and ")}: recording of a stream`

const titleMax = 80
