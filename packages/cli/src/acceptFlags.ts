/** Flags of a command that takes files; what comes of them is in `fileListening.ts`. */
import * as Flag from "effect/cli/Flag"
import * as Schema from "effect/Schema"

export const acceptFlags = {
  acceptFiles: Flag.String("accept-files").pipe(
    Flag.withMetavar("DIR"),
    Flag.withDescription("Take files that peers offer into this directory; without it they are declined"),
    Flag.optional
  ),
  maxFileSize: Flag.Int("max-file-size").pipe(
    Flag.withMetavar("OCTETS"),
    Flag.withDescription("The largest file that is taken (default: 1000000000)"),
    Flag.withSchema(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
    Flag.withDefault(1_000_000_000)
  )
}
