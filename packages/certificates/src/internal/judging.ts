/**
 * How a question becomes a judgement: it is read (certificates §8, rows 1 to 3) and given to the ways of trusting.
 *
 * @internal
 */
import { Address, type Verdict } from "@xmpp-e2e/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Certificate from "../Certificate.ts"
import * as Combine from "../Combine.ts"
import * as Fingerprint from "../Fingerprint.ts"
import type * as FirstUse from "../FirstUse.ts"
import type * as Match from "../Match.ts"
import type { Opinion } from "../Opinion.ts"
import * as Peer from "../Peer.ts"
import type { PinStoreError } from "../PinStore.ts"
import * as Proof from "../Proof.ts"
import type * as Trust from "../Trust.ts"
import type * as TrustModel from "../TrustModel.ts"
import * as Verdicts from "../Verdicts.ts"
import { widen } from "./aliases.ts"
import { othersOf } from "./finder.ts"
import * as Seen from "./seen.ts"
import { unvouched } from "./unvouched.ts"
import { quoted } from "./visible.ts"

export interface Question {
  /** As the peer sent it, DER, end entity first. */
  readonly chain: ReadonlyArray<Uint8Array>
  /** Our role: an initiator judges a TLS server, a recipient a TLS client. */
  readonly role: "initiator" | "recipient"
  /** CERT-01: what we wanted, fixed before connecting. An initiator always has it. */
  readonly expected?: string
  readonly naming: Address.Naming
  /** CERT-91: lower-case hex SHA-1 or SHA-256 of certificates announced beforehand. */
  readonly hints?: ReadonlyArray<string>
  /**
   * CERT-09: JIDs that discovery claims for the wanted link-local instance (its TXT key `jid`). Nobody vouches for that, so
   * they say no more than which names in an authority's certificate are welcome besides. With a pin of the instance they
   * say nothing (CERT-10).
   */
  readonly aliases?: ReadonlyArray<string>
  /** The OCSPResponse that came with the handshake, DER. */
  readonly ocspStaple?: Uint8Array
  /** Whether a recipient insists on a known peer (certificates §8, the recipient note). */
  readonly authenticatePeer: boolean
}

export interface Judgement {
  readonly verdict: Verdict.Verdict
  readonly proof: Proof.Proof
}

export interface Panel {
  readonly combination: TrustModel.Combination
  readonly lookup: Combine.Lookup
  readonly settle: FirstUse.FirstUseTrust["Service"]["settle"] | undefined
  readonly rules: Trust.Rules
}

export const judge = (question: Question, panel: Panel): Effect.Effect<Judgement> =>
  judgeUnsafe(question, panel).pipe(
    Effect.catch((error) => Effect.succeed(ended(Verdicts.internal(blank, error.message), working))),
    Effect.catchDefect((defect) =>
      Effect.as(
        Effect.logError("the judge of certificates died", defect),
        ended(Verdicts.internal(blank, "the judge broke down"), working)
      )
    ),
    Effect.map((judgement) =>
      question.role === "recipient" && !question.authenticatePeer
        ? { ...judgement, verdict: Verdicts.tolerate(judgement.verdict) }
        : judgement
    )
  )

const judgeUnsafe = Effect.fnUntraced(function*(
  question: Question,
  panel: Panel
): Effect.fn.Return<Judgement, PinStoreError> {
  const { chain: [der], expected, naming, role } = question
  const wanted = expected === undefined ? undefined : Address.parse(expected, naming)
  if (wanted === undefined && (role === "initiator" || expected !== undefined)) {
    const verdict = Verdicts.internal(blank, `the wanted address ${quoted(expected ?? "")} is no address`)
    return ended(verdict, "It is known who is wanted")
  }
  if (der === undefined) return ended(Verdicts.noCertificate(role), "The peer shows a certificate")
  const { fingerprint, read } = yield* Seen.see(der)
  if (Result.isFailure(read)) {
    const { detail, rule } = read.failure
    return ended(Verdicts.malformed({ ...blank, fingerprint }, rule, detail), "The certificate can be read")
  }
  const peer = yield* gather(question, wanted && Address.bare(wanted), read.success, panel.rules)
  const hints = (question.hints ?? []).map(Fingerprint.normalise)
  if (hints.length > 0 && !hints.includes(fingerprint) && !hints.includes(yield* Fingerprint.sha1(der))) {
    return ended(Verdicts.offerMismatch(Peer.caseOf(peer), hints), "It is the certificate that was announced")
  }
  const { combination, lookup } = panel
  const known = yield* widen(peer, question.aliases ?? [], combination, lookup)
  return yield* conclude(known, yield* Combine.evaluate(combination, known, lookup), panel)
})

const conclude = Effect.fnUntraced(function*(
  peer: Peer.Peer,
  opinion: Opinion,
  { settle }: Panel
): Effect.fn.Return<Judgement, PinStoreError> {
  const { proof } = opinion
  if (opinion._tag !== "Accepts") {
    return judgement(opinion.verdict ?? (yield* unvouched(peer)), proof)
  }
  if (opinion.leap === undefined) return judgement(opinion.verdict, proof)
  if (settle === undefined) {
    return ended(Verdicts.internal(Peer.caseOf(peer), "nobody can remember a first use"), working)
  }
  const settled = yield* settle(peer, opinion.leap, opinion.verdict)
  return judgement(settled.verdict, proof, settled.proof)
})

const gather = Effect.fnUntraced(function*(
  { chain, naming, ocspStaple, role }: Question,
  wanted: Address.Address | undefined,
  { certificate, hashes }: Pick<Peer.Peer, "certificate" | "hashes">,
  rules: Trust.Rules
): Effect.fn.Return<Peer.Peer> {
  const others = othersOf(chain).map(Certificate.decode)
  const names = Seen.namesIn(certificate, naming)
  const unread = others.flatMap((each, at) =>
    Result.isFailure(each)
      ? [`malformed: certificate ${at + 2} of the chain cannot be read: ${each.failure.detail}.`]
      : []
  )
  return {
    role,
    naming,
    now: yield* Clock.currentTimeMillis,
    chain,
    certificate,
    others: others.flatMap((each) => Result.isSuccess(each) ? [each.success] : []),
    hashes,
    names,
    rules: rulesOf(rules, naming, role),
    purpose: { peer: role === "initiator" ? "server" : "client", policy: rules.purpose },
    notices: [...unread, ...names.notices],
    ...wanted === undefined ? {} : { wanted },
    ...ocspStaple === undefined ? {} : { ocspStaple }
  }
})

/** CERT-08: we dial services by their client port, unless we are one; services dial us from their server side. */
const rulesOf = (rules: Trust.Rules, naming: Address.Naming, role: Question["role"]): Match.Rules => ({
  naming,
  legacyCommonName: rules.legacyCommonName,
  services: rules.eitherServiceLabel
    ? ["xmpp-client", "xmpp-server"]
    : role === "initiator" && rules.as === "client"
    ? ["xmpp-client"]
    : ["xmpp-server"]
})

export const judgement = (verdict: Verdict.Verdict, ...reasons: ReadonlyArray<Proof.Proof>): Judgement => ({
  verdict,
  proof: Proof.all({ _tag: "Verdict" }, verdict.because, reasons)
})

/** A question that ended before anybody was asked whether they trust. */
const ended = (verdict: Verdict.Verdict, claim: string): Judgement =>
  judgement(verdict, Proof.rule(verdict.rule, claim, false))

const working = "The judge can do its work"
const blank: Verdicts.Case = { presented: [], notices: [] }
