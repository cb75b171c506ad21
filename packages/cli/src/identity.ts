/** `identity create`: a key with a certificate, or with a request for one. `identity show` is in `showing.ts`. */
import { Authority, Identity } from "@xmpp-e2e/certificates"
import { NodeIdentity } from "@xmpp-e2e/node"
import * as Effect from "effect/Effect"
import * as CertificateText from "./certificateText.ts"
import { type CommandFailed, usage } from "./exit.ts"
import { whatNext } from "./identityFiles.ts"
import * as Output from "./output.ts"
import { type NamingFlag, namingOf } from "./settings.ts"
import { explainPem } from "./showing.ts"

export interface CreateRequest {
  readonly address: string
  readonly out: string
  readonly kind: "self-signed" | "request"
  readonly alsoKnownAs: ReadonlyArray<string>
  readonly algorithm: Identity.Algorithm
  readonly days: number
  readonly naming: NamingFlag
  readonly json: boolean
}

export const create = Effect.fnUntraced(function*(request: CreateRequest) {
  const naming = namingOf(request.naming)
  const { address, algorithm, alsoKnownAs, days, kind } = request
  const created = yield* Identity.create({ address, naming, algorithm, alsoKnownAs, days, kind }).pipe(
    Effect.mapError(asUsage)
  )
  const written = yield* NodeIdentity.write(request.out, created).pipe(Effect.mapError(asUsage))
  if (created.kind === "request") {
    const { keyFingerprint, names } = yield* Authority.examine(created.requestPem).pipe(Effect.mapError(asUsage))
    return yield* request.json
      ? Output.line(JSON.stringify({ address, ...written, files: written, names, keySha256: keyFingerprint }))
      : Output.lines([
        `made ${written.key} (keep it to yourself) and ${written.request}`,
        `it asks for ${names.join(", ")}`,
        whatNext(request.out)
      ])
  }
  const explained = yield* explainPem(created.certificatePem, request.naming)
  yield* request.json
    ? Output.line(JSON.stringify({ address, ...written, files: written, ...explained[0] }))
    : Output.lines([
      `made ${written.key} (keep it to yourself) and ${written.certificate}`,
      ...explained.flatMap(CertificateText.lines)
    ])
})

const asUsage = ({ message }: { readonly message: string }): CommandFailed => usage(message)
