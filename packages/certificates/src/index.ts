/**
 * Who is at the other end: identities, trust and verdicts for XMPP certificates.
 *
 * @since 0.1.0
 */
export * as Authority from "./Authority.ts"
export * as Certificate from "./Certificate.ts"
export * as Der from "./Der.ts"
export * as Explain from "./Explain.ts"
export * as Extensions from "./Extensions.ts"
export * as Fingerprint from "./Fingerprint.ts"
export * as FirstUse from "./FirstUse.ts"
export * as GeneralName from "./GeneralName.ts"
export * as Identity from "./Identity.ts"
export * as Judge from "./Judge.ts"
export * as Match from "./Match.ts"
export * as Name from "./Name.ts"
export * as NameConstraints from "./NameConstraints.ts"
export * as Path from "./Path.ts"
export * as PeerJudge from "./PeerJudge.ts"
export * as Pem from "./Pem.ts"
export * as Pin from "./Pin.ts"
export * as PinStore from "./PinStore.ts"
export * as Policies from "./Policies.ts"
export * as PresentedNames from "./PresentedNames.ts"
export * as PublicKey from "./PublicKey.ts"
export * as Signature from "./Signature.ts"
export * as Trust from "./Trust.ts"
export * as Verdicts from "./Verdicts.ts"
