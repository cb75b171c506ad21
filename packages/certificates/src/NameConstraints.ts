/**
 * Which names an authority may certify (CERT-30, certificates §4.4): what the certificates of a path permit and exclude,
 * and whether another one keeps to it. What cannot be judged is refused where it matters: a constraint that nobody
 * understands does no harm as long as no name of its form occurs. Where the path leads is the business of `Path.ts`.
 *
 * RFC 5280 §4.2.1.10, §6.1.3 (b) (c), §6.1.4 (g); RFC 4985 §4. Where readings differ: `docs/x509-deviations.md`.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import type { Certificate } from "./Certificate.ts"
import type * as Extensions from "./Extensions.ts"
import * as GeneralName from "./GeneralName.ts"
import { fromUtf8 } from "./internal/bytes.ts"
import { remembered } from "./internal/remembered.ts"
import * as Subtrees from "./internal/subtrees.ts"
import { quoted } from "./internal/visible.ts"

/**
 * What the certificates of a path have said so far. A name must lie within what each of them permits for its form, and
 * outside of what any of them excludes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Limits {
  readonly all: ReadonlyArray<Extensions.NameConstraints>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Violation {
  /** Half a sentence for people; names are made visible in it. */
  readonly detail: string
  /** Of the name that lies outside. */
  readonly form: GeneralName.Form
}

/**
 * Every name is allowed.
 *
 * @since 0.1.0
 * @category constants
 */
export const none: Limits = { all: [] }

/**
 * What one more certificate of the path adds (§6.1.4 (g)). Permitted subtrees intersect, excluded ones unite.
 *
 * @since 0.1.0
 * @category combinators
 */
export const narrow = ({ all }: Limits, constraints: Extensions.NameConstraints): Limits => ({
  all: [...all, constraints]
})

/**
 * The first name of the certificate that lies outside; `undefined` when all lie within (§6.1.3 (b) (c)). Whoever asks
 * leaves out self-issued certificates that are not the last. The work is bounded: where names and constraints are too many,
 * that is the violation.
 *
 * @since 0.1.0
 * @category guards
 */
export const violation = ({ all }: Limits, certificate: Certificate): Violation | undefined => {
  for (const constraints of all) {
    const found = judge(constraints)(certificate)
    if (found !== undefined) return found
  }
  return undefined
}

/** What one certificate says about one kind of names. */
interface Rule {
  readonly form: GeneralName.Form
  /** Keys of subtrees. Empty: nothing is said about what is permitted. */
  readonly permitted: Set<string>
  readonly excluded: Set<string>
  /** Why no name of this kind can be judged. */
  unclear?: string
}

type Rules = ReadonlyMap<string, Rule>

const judge = remembered((constraints: Extensions.NameConstraints) => {
  const rules = rulesOf(constraints)
  return remembered((certificate: Certificate) => firstViolation(rules, certificate))
})

const rulesOf = ({ excluded, permitted }: Extensions.NameConstraints): Rules => {
  const rules = new Map<string, Rule>()
  const add = ({ base, hasDistance }: Extensions.Subtree, side: "permitted" | "excluded"): void => {
    const kind = Subtrees.kindOf(base)
    const rule: Rule = rules.get(kind) ?? { form: base._tag, permitted: new Set(), excluded: new Set() }
    rules.set(kind, rule)
    const key = Subtrees.keyOf(base)
    if (hasDistance) rule.unclear = "by a distance, which has no meaning"
    else if (key === undefined) rule.unclear = "in a way that is not understood here"
    else rule[side].add(key)
  }
  for (const each of permitted) add(each, "permitted")
  for (const each of excluded) add(each, "excluded")
  return rules
}

const firstViolation = (rules: Rules, certificate: Certificate): Violation | undefined => {
  const work = { left: workMax }
  for (const presented of presentedBy(certificate)) {
    const detail = fault(rules, presented, work)
    if (detail !== undefined) return { detail, form: presented.form }
  }
  return undefined
}

interface Presented {
  readonly form: GeneralName.Form
  /** `undefined`: it has the tag of this form, but not its shape. */
  readonly name: GeneralName.GeneralName | undefined
}

const presentedBy = function*({ extensions, subject }: Certificate): Iterable<Presented> {
  if (!subject.isEmpty) yield { form: "Directory", name: { _tag: "Directory", name: subject } }
  for (const value of extensions.alternativeNames?.names ?? []) {
    const name = Result.getOrUndefined(GeneralName.read(value))
    yield { form: name?._tag ?? formOf(value.tag), name }
  }
  // §4.2.1.10: a mail address in the subject counts where there are no alternative names at all.
  if (extensions.alternativeNames !== undefined) return
  for (const octets of subject.mailAddresses) yield { form: "Mail", name: { _tag: "Mail", octets } }
}

const formOf = (tag: number): GeneralName.Form =>
  tag === 0xa0 ? "Other" : tag === 0xa4 ? "Directory" : tag === 0x88 ? "Registered" : "Unread"

const fault = (rules: Rules, { form, name }: Presented, work: { left: number }): string | undefined => {
  if (name === undefined) {
    const isConstrained = form === "Unread" ? rules.size > 0 : [...rules.values()].some((each) => each.form === form)
    return isConstrained ? `a ${labels[form]} cannot be read, and such names are constrained` : undefined
  }
  const rule = rules.get(Subtrees.kindOf(name))
  if (rule === undefined) return undefined
  const what = `the ${labels[form]} ${textOf(name)}`
  if (rule.unclear !== undefined) return `${what} cannot be judged, for such names are constrained ${rule.unclear}`
  const place = Subtrees.placeOf(name)
  if (place === undefined) return `${what} cannot be judged, and such names are constrained`
  let isPermitted = rule.permitted.size === 0
  for (const key of place.within) {
    work.left -= key.length + 1
    if (work.left < 0) return tooMuch
    if (rule.excluded.has(key)) return `${what} is one of those that an authority above must not certify`
    isPermitted ||= rule.permitted.has(key)
  }
  if (!isPermitted) return `${what} is none of those that an authority above may certify`
  if (place.above === undefined) return undefined
  for (const key of rule.excluded) {
    work.left -= key.length + 1
    if (work.left < 0) return tooMuch
    if (Subtrees.isBelow(key, place.above)) {
      return `${what} covers names that an authority above must not certify`
    }
  }
  return undefined
}

const textOf = (name: GeneralName.GeneralName): string => {
  switch (name._tag) {
    case "Other":
      return `of the type ${name.oid}`
    case "Mail":
    case "Dns":
    case "Uri":
      return quoted(fromUtf8(name.octets.subarray(0, shownMax)) ?? "(no text)")
    case "Ip":
      return name.octets.length === 4 ? name.octets.join(".") : `of ${name.octets.length} octets`
    case "Directory":
      return quoted(name.name.text)
    case "Registered":
      return name.oid
    case "Unread":
      return ""
  }
}

const labels: { readonly [form in GeneralName.Form]: string } = {
  Other: "otherName",
  Mail: "mail address",
  Dns: "dNSName",
  Uri: "URI",
  Ip: "iPAddress",
  Directory: "directory name",
  Registered: "registeredID",
  Unread: "name of an unknown form"
}

const tooMuch = "it has too many names for the many constraints of an authority above"
/** Characters of keys that one certificate is compared by with the constraints of one other. */
const workMax = 1 << 24
const shownMax = 400
