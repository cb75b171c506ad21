/**
 * Certificates that nobody signed, which takes no time: for what is judged without a look at the signature. They are
 * written and read as others are.
 */
import * as Result from "effect/Result"
import * as Certificate from "../src/Certificate.ts"
import * as oids from "../src/internal/oids.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"

export interface Spec {
  /** A Name, DER. */
  readonly subject?: Uint8Array
  readonly issuer?: Uint8Array
  readonly extensions?: ReadonlyArray<Uint8Array>
}

export const unsigned = ({ extensions = [], issuer, subject }: Spec = {}): Certificate.Certificate => {
  const algorithm = Encode.sequence(Encode.oid(oids.ecdsaWithSha256))
  const tbs = Encode.sequence(
    Encode.explicit(0, Encode.integer(2)),
    Encode.integer(7),
    algorithm,
    issuer ?? Fabricating.commonName("Authority"),
    Encode.sequence(Encode.time(0), Encode.time(1000)),
    subject ?? Encode.sequence(),
    key,
    ...extensions.length === 0 ? [] : [Encode.explicit(3, Encode.sequence(...extensions))]
  )
  const der = Encode.sequence(tbs, algorithm, Encode.bitString(Uint8Array.of(0)))
  return Result.getOrThrow(Certificate.decode(der))
}

const key = Encode.sequence(
  Encode.sequence(Encode.oid(oids.ecPublicKey), Encode.oid("1.2.840.10045.3.1.7")),
  Encode.bitString(new Uint8Array(65).fill(4))
)
