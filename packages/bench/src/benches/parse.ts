/**
 * Reading without a socket: from bytes to what a handler can use.
 */
import { bench } from "../works/comparing.ts"
import { readings } from "../works/reading.ts"

export const parse = bench(
  {
    name: "parse",
    about: "megabytes of stanzas read in a second of CPU",
    details: [
      "Each in a process of its own, in chunks of 16 kB as TLS gives them. Everybody builds what a handler can use: ours an",
      "element with every rule of the reader kept, saxes a tree without rules, `@xmpp/xml` its elements, JSON its objects."
    ].join("\n")
  },
  "reading",
  readings
)
