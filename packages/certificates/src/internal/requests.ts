/**
 * Requests for certificates (PKCS #10, RFC 2986), read with the eyes of an authority: what is asked for, and what no peer
 * may ask for. Signatures are verified in `Authority.ts`.
 *
 * @internal
 */
import * as Result from "effect/Result"
import * as Der from "../Der.ts"
import * as Extensions from "../Extensions.ts"
import * as Name from "../Name.ts"
import * as PresentedNames from "../PresentedNames.ts"
import * as PublicKey from "../PublicKey.ts"
import { value } from "./encode.ts"
import * as oids from "./oids.ts"

export interface Request {
  readonly subject: Name.Name
  readonly publicKey: PublicKey.PublicKey
  /** GeneralNames, DER. */
  readonly alternativeNames: Uint8Array
  /** The same for people. */
  readonly names: ReadonlyArray<string>
  /** Object identifiers of what else is asked for. */
  readonly ignored: ReadonlyArray<string>
}

export const read = (der: Uint8Array): Der.Read<Request> =>
  Result.gen(function*() {
    const [information] = yield* Der.sequence(yield* Der.decode(der), "the request")
    const [version, subject, key, attributes, ...more] = yield* Der.sequence(information, "its information")
    if ((yield* Der.smallInteger(version, "the version")) !== 0 || more.length > 0) {
      return yield* Der.wrong("CERT-20", "it has another version or shape")
    }
    const publicKey = yield* PublicKey.read(key)
    if (!PublicKey.isStrong(publicKey)) return yield* Der.wrong("CERT-38", `its key is too weak (${publicKey.text})`)
    const name = yield* Name.read(subject, "the subject")
    const { extensions, others } = yield* readAttributes(attributes)
    yield* refuseAuthority(extensions)
    const alternatives = extensions.alternativeNames?.names ?? []
    if (alternatives.length === 0) return yield* Der.wrong("CERT-62", "it asks for no alternative name")
    const names: Array<string> = []
    for (const each of alternatives) names.push(yield* readName(each, name))
    return {
      subject: name,
      publicKey,
      alternativeNames: value(Der.tags.sequence, ...alternatives.map(({ raw }) => raw)),
      names: [...new Set(names)],
      ignored: [...others, ...extensions.all.flatMap(({ oid }) => oid === oids.subjectAltName ? [] : [oid])]
    }
  })

const readAttributes = (attributes: Der.Value | undefined) =>
  Result.gen(function*() {
    const others: Array<string> = []
    let extensions: Extensions.Extensions | undefined
    for (
      const attribute of attributes === undefined
        ? []
        : (yield* Der.expect(attributes, 0xa0, "the attributes")).children
    ) {
      const [type, values] = yield* Der.sequence(attribute, "an attribute")
      const oid = yield* Der.oid(type, "the type of an attribute")
      if (oid !== oids.extensionRequest) {
        others.push(oid)
        continue
      }
      const { children } = yield* Der.expect(values, Der.tags.set, "the requested extensions")
      if (extensions !== undefined || children.length !== 1) {
        return yield* Der.wrong("CERT-22", "it asks for extensions more than once")
      }
      extensions = yield* Extensions.read(children[0])
    }
    return { extensions: extensions ?? Extensions.none, others }
  })

/** CERT-31. */
const refuseAuthority = ({ basicConstraints, keyUsage }: Extensions.Extensions): Der.Read<void> => {
  if (basicConstraints?.isCa === true) return Der.wrong("CERT-31", "it asks to become an authority")
  const asks = keyUsage?.some((each) => each === "keyCertSign" || each === "cRLSign") === true
  return asks ? Der.wrong("CERT-31", "it asks to sign certificates or CRLs") : Result.void
}

/**
 * A name that our own side would ignore or could not judge has no business in a certificate. A request does not say by
 * which rules its addresses are read: they may be JIDs or link-local names.
 */
const readName = (alternative: Der.Value, subject: Name.Name): Der.Read<string> => {
  const extensions = { ...Extensions.none, alternativeNames: { isCritical: false, names: [alternative] } }
  const readings = namings.map((naming) => PresentedNames.read({ extensions, subject }, naming))
  const sound = readings.find((each) => each.notices.length === 0 && !PresentedNames.isNameless(each))
  const [text] = sound === undefined ? [] : PresentedNames.texts(sound)
  if (text !== undefined) return Result.succeed(text)
  const why = readings[0]?.notices[0] ?? "A name of a kind that is no identity in XMPP."
  return Der.wrong("CERT-62", `it asks for a name that is not given out: ${why}`)
}

const namings = ["jid", "linkLocal"] as const
