/**
 * Which part of the code a file belongs to, for those who ask where the time goes.
 */
import type { Own } from "./sampling.ts"

/** From the first that matches. */
export const roomOf = ({ file, name }: Pick<Own, "file" | "name">): string => {
  if (name === "(garbage collector)") return "garbage collection"
  if (file === "") return "native code (TLS, sockets, V8)"
  if (file.startsWith("node:")) return "Node's own JavaScript (streams, sockets)"
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]
  if (installed !== undefined) return installed === "saxes" || installed === "xmlchars" ? "saxes" : installed
  const [, owner = "", within = ""] = /\/packages\/([^/]+)\/src\/(.*)$/.exec(file) ?? []
  if (owner === "bench") return "the bench itself"
  if (owner !== "xml") return `@xmpp-e2e/${owner}`
  if (within === "Serialize.ts" || within === "internal/names.ts" || within.startsWith("internal/write")) {
    return "@xmpp-e2e/xml, writing"
  }
  return within.startsWith("internal/lane") ? "@xmpp-e2e/xml, fast lane" : "@xmpp-e2e/xml, reading"
}

/** A path that says the same on every machine. */
export const shortOf = (file: string): string =>
  /\/packages\/(.*)$/.exec(file)?.[1] ?? /.*\/node_modules\/(.*)$/.exec(file)?.[1] ?? (file === "" ? "native" : file)
