/** Peers of another time: without version, or of a version to come. */
import {
  close,
  ended,
  farewell,
  footer,
  gone,
  header,
  initiator,
  juliet,
  legacy as accepting,
  letter,
  opened,
  recipient,
  romeo,
  says,
  send
} from "./saying.ts"
import { alone, type Scenario } from "./telling.ts"

const old = { version: undefined }

export const legacy = (): ReadonlyArray<Scenario> => [
  alone("legacy-peer", "VER-04 FEAT-02: a peer without version, accepted without TLS", accepting("recipient"), [
    opened,
    header("recipient", old),
    says(letter(juliet)),
    send(1, letter(romeo)),
    footer,
    ended,
    gone
  ]),
  alone(
    "legacy-peer",
    "VER-04 VER-12: a recipient without version sends no features; accepted without TLS",
    accepting("initiator"),
    [opened, header("initiator", old), send(1, letter(juliet)), close, footer, ended]
  ),
  alone("legacy-peer-refused", "VER-07 AMB-04 ERR-44: a peer without version, where TLS is required", recipient, [
    opened,
    header("recipient", old),
    footer,
    ended
  ]),
  alone("legacy-peer-refused", "VER-06: a recipient without version, where TLS is required", initiator, [
    opened,
    header("initiator", old),
    ...farewell
  ]),
  alone("legacy-peer-version-0", "VER-05: version 0.9 counts as none", accepting("recipient"), [
    opened,
    header("recipient", { version: "0.9" }),
    footer,
    gone
  ]),
  alone("future-peer", "VER-08 AMB-05: version 2.0 is answered with 1.0", recipient, [
    opened,
    header("recipient", { version: "2.0" }),
    close,
    ...farewell
  ]),
  alone("future-peer", "VER-09: an answer of version 2.0 is refused", initiator, [
    opened,
    header("initiator", { version: "2.0" }),
    ...farewell
  ])
]
