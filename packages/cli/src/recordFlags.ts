/** The flags that say what is written down of streams, when, and where. */
import * as Flag from "effect/cli/Flag"
import * as Schema from "effect/Schema"

export const record = Flag.String("record").pipe(
  Flag.withMetavar("FILE|DIR"),
  Flag.withDescription("Write down every event and action, redacted; `replay FILE` folds them again"),
  Flag.optional
)

export const recording = {
  record,
  recordLevel: Flag.Literals("record-level", ["shape", "redacted", "full"]).pipe(
    Flag.withDescription(
      "shape: nothing links two recordings; redacted: other names, the same on both sides; full: as it happened (default: redacted)"
    ),
    Flag.withDefault("redacted")
  ),
  recordOn: Flag.Literals("record-on", ["always", "failure"]).pipe(
    Flag.withDescription("failure: only streams that do not end in order, from memory when they end (default: always)"),
    Flag.withDefault("always")
  ),
  recordMaxSteps: Flag.Int("record-max-steps").pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("After the negotiation, only the first N steps and the last N (on failure: the last N)"),
    Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000_000 }))),
    Flag.optional
  ),
  recordKey: Flag.String("record-key").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("A secret for the other names: who shares it gets the same names in all recordings"),
    Flag.optional
  ),
  recordWire: Flag.Boolean("record-wire").pipe(
    Flag.withDescription("Raw bytes too; they hold everything, so only with --record-level full"),
    Flag.withDefault(false)
  ),
  recordTls: Flag.Boolean("record-tls").pipe(
    Flag.withDescription(
      "TLS as it goes over the network, with its secrets, for `replay --pcapng` and Wireshark: whoever has the file can read " +
        "everything of the stream. Only with --record-level full"
    ),
    Flag.withDefault(false)
  )
}
