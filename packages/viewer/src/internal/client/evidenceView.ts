/**
 * What a verdict rests on: what was broken, the chain of certificates up to the anchor, and every rule that was asked as a
 * tree that opens a level at a time.
 */
import type { Verdict } from "@xmpp-e2e/protocol"
import { broken, chain, isHidden, kept, type Link, ordered, told } from "./claims.ts"
import { make } from "./dom.ts"
import { paged } from "./paged.ts"
import { day, visible } from "./text.ts"

/** @internal */
export const evidenceView = (evidence: Verdict.Evidence, { decision, rule }: Verdict.Verdict): HTMLElement => {
  const { proof } = evidence
  const element = make("div", { class: "evidence" })
  const faults = decision === "reject" ? broken(proof, rule) : []
  if (faults.length > 0) {
    const list = make("ul", { class: "faults" })
    paged(list, faults, (each) => make("li", {}, statement(each)))
    element.append(make("h4", {}, faults.length === 1 ? "The rule that refused" : "The rules that refused"), list)
  }
  const links = make("ol", { class: "chain" })
  paged(links, chain(evidence, rule), link)
  if (links.childElementCount > 0) element.append(make("h4", {}, "Certificates, from the peer's to the anchor"), links)
  const count = kept(proof)
  const rules = make(
    "details",
    { class: "proof" },
    make("summary", {}, `All that was asked: ${faults.length} broken, ${count} kept`)
  )
  const fill = (): void => {
    if (rules.open && rules.childElementCount === 1) rules.append(branches(proof.reasons))
  }
  rules.addEventListener("toggle", fill)
  if (decision === "reject") {
    rules.open = true
    fill()
  }
  element.append(rules)
  return element
}

const link = ({ claim, facts }: Link): HTMLElement => {
  const isAnchor = claim?.reasons.some((each) => each.rule === anchorRule && each.holds) ?? false
  const isBroken = claim !== undefined && !claim.holds
  const badge = isAnchor ? "anchor, trusted here" : facts.sent ? "sent by the peer" : "known here"
  const list = make("dl")
  const row = (name: string, value: string, how = ""): void => {
    if (value !== "") list.append(make("dt", {}, name), make("dd", how === "" ? {} : { class: how }, visible(value)))
  }
  for (const { kind, value } of facts.names.slice(0, namesMax)) row(kinds[kind], value)
  if (facts.names.length > namesMax) row("Names", `and ${facts.names.length - namesMax} more`)
  row("Issuer", facts.issuer === facts.subject ? "itself" : facts.issuer)
  row("Valid", `${day(facts.notBefore)} to ${day(facts.notAfter)}`)
  row("Key", isHidden(facts.key) ? "" : facts.key)
  row("Serial", facts.serial, "mono")
  row("SHA-256", facts.fingerprint ?? "", "mono")
  const item = make(
    "li",
    { class: isBroken ? "link bad" : claim === undefined ? "link unseen" : "link" },
    make(
      "p",
      {},
      make("strong", {}, facts.subject === "" ? "(no subject)" : visible(facts.subject)),
      " ",
      make("span", { class: "badge" }, badge)
    ),
    list
  )
  if (claim === undefined) item.append(make("p", { class: "dim" }, "No rule was asked about it."))
  else {
    for (const each of broken(claim).slice(0, namesMax)) item.append(statement(each))
    const count = kept(claim)
    item.append(make("p", { class: "dim" }, `${count === 1 ? "1 rule is" : `${count} rules are`} kept.`))
  }
  return item
}

const branches = (claims: ReadonlyArray<Verdict.Claim>): HTMLElement => {
  const list = make("ul", { class: "claims" })
  paged(list, ordered(claims), (claim) => make("li", {}, branch(claim)))
  return list
}

const branch = (claim: Verdict.Claim): HTMLElement => {
  if (claim.reasons.length === 0) return statement(claim)
  const details = make("details", {}, make("summary", {}, statement(claim)))
  const fill = (): void => {
    if (details.open && details.childElementCount === 1) details.append(branches(claim.reasons))
  }
  details.addEventListener("toggle", fill)
  if (!claim.holds) {
    details.open = true
    fill()
  }
  return details
}

/** A mark, the claim, what was found, the requirement and its source. */
const statement = (claim: Verdict.Claim): HTMLElement => {
  const { found, words } = told(claim)
  const mark = make("span", { class: "mark", role: "img", "aria-label": claim.holds ? "holds" : "does not hold" })
  mark.textContent = claim.holds ? "✓" : "✗"
  return make(
    "span",
    { class: claim.holds ? "claim good" : "claim bad" },
    mark,
    make("span", { class: "words" }, visible(words)),
    ...(found === undefined ? [] : [make("span", { class: "found" }, `: ${visible(found)}`)]),
    ...(claim.rule === undefined ? [] : [" ", make("code", { class: "rule" }, visible(claim.rule))]),
    ...(claim.source === undefined || isHidden(claim.source)
      ? []
      : [" ", make("span", { class: "dim" }, visible(claim.source))])
  )
}

const kinds: Readonly<Record<Verdict.CertificateName["kind"], string>> = {
  xmppAddr: "XmppAddr",
  srvName: "SRVName",
  dnsName: "dNSName",
  ipAddress: "iPAddress"
}
const anchorRule = "CERT-42"
const namesMax = 8
