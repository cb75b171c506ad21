/**
 * What an administrator can do about a verdict with this command: flags and calls, ready to be copied. What a verdict means
 * is said by `Explain.verdict`.
 */
import { Certificate, type PeerJudge, PresentedNames } from "@xmpp-e2e/certificates"
import { Address, Describe } from "@xmpp-e2e/protocol"
import * as Option from "effect/Option"
import * as Result from "effect/Result"

export interface Situation {
  /** Where pins are kept. */
  readonly store: Option.Option<string>
  /** Whether a pin alone is not enough. */
  readonly needsAll: boolean
  /** Whom an invite of theirs is about. */
  readonly invited?: ReadonlyArray<string>
}

/** Sentences; none where `Explain.verdict` has said all there is. */
export const advice = (
  { proof, verdict }: PeerJudge.Judgement,
  question: PeerJudge.Question,
  { invited, needsAll, store }: Situation
): ReadonlyArray<string> => {
  if (proof.holds) return []
  const addresses = claimed(question)
  if (addresses.some((each) => invited?.includes(each))) return [otherThanInvited]
  const pin = addresses.map((each) => `--trust-pin ${quoted(`${each}=${verdict.fingerprint ?? ""}`)}`).join(" ")
  const toPin = needsAll || pin === "" || verdict.fingerprint === undefined
    ? []
    : [`To believe this certificate, once its owner has confirmed the fingerprint: ${pin}`]
  const [first = "ADDRESS"] = addresses
  const passing = verdict.decision === "accept"
    ? ["The handshake may end so that the stream can say what is missing; nobody is admitted by it."]
    : []
  switch (verdict.code) {
    case "pinMismatch":
      return [
        ...Option.match(store, {
          onNone: () => [],
          onSome: (directory) =>
            addresses.map((each) =>
              "If the new fingerprint is confirmed and the old one came from the store: " +
              `xmpp-e2e pins remove ${quoted(each)} --trust-store ${quoted(directory)}`
            )
        }),
        ...toPin
      ]
    case "untrustedCa":
      return ["To believe its authority and whomever that vouches for: --trust-ca FILE", ...toPin]
    case "selfSigned":
    case "noIdentity":
    case "identityMismatch":
      return [...passing, ...toPin]
    case "noCertificate":
      return [...passing, `The peer makes one with: xmpp-e2e identity create --address ${quoted(first)} --out DIR`]
    case "expired":
      return ["The peer renews a certificate that it signed itself with: xmpp-e2e identity renew --identity DIR"]
    case "purpose":
      return ["To believe it all the same: --purpose ignore"]
    case "revocationUnknown":
      return ["Give the lists of its authority with --crl FILE, or do without them: --revocation soft"]
    default:
      return passing
  }
}

/** Whom it was to be, or whom it says it is. */
const claimed = ({ chain: [der], expected, naming }: PeerJudge.Question): ReadonlyArray<string> => {
  const wanted = expected === undefined ? undefined : Address.bareText(expected, naming)
  if (wanted !== undefined) return [wanted]
  const read = der === undefined ? undefined : Certificate.decode(der)
  return read === undefined || Result.isFailure(read)
    ? []
    : PresentedNames.read(read.success, naming).xmppAddr.slice(0, namesMax)
}

/** For a POSIX shell. The name was chosen by a stranger, and somebody may copy the line. */
const quoted = (text: string): string => {
  const clean = Describe.clean(text, textMax)
  return /^[\w@.:=/+-]+$/.test(clean) ? clean : `'${clean.replaceAll("'", "'\\''")}'`
}

const otherThanInvited =
  "Nothing but the certificate in the invite is believed here. If its owner has a new one, he can give you a new invite."
const namesMax = 4
const textMax = 1024
