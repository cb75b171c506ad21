/** `identity create` and `identity show`. */
import { Authority, Certificate, Identity, Pem } from "@xmpp-e2e/certificates"
import { NodeIdentity } from "@xmpp-e2e/node"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Result from "effect/Result"
import * as CertificateText from "./certificateText.ts"
import { type CommandFailed, usage } from "./exit.ts"
import { whatNext } from "./identityFiles.ts"
import * as Output from "./output.ts"
import { type NamingFlag, namingOf } from "./settings.ts"

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

export interface ShowRequest {
  readonly files: ReadonlyArray<string>
  readonly naming: NamingFlag
  readonly json: boolean
}

export const show = Effect.fnUntraced(function*(request: ShowRequest) {
  const fs = yield* FileSystem.FileSystem
  for (const file of request.files) {
    const text = yield* fs.readFileString(file).pipe(Effect.mapError(({ message }) => usage(`${file}: ${message}`)))
    const explained = yield* explainPem(text, request.naming).pipe(
      Effect.mapError(({ sentence }) => usage(`${file}: ${sentence}`))
    )
    for (const [index, each] of explained.entries()) {
      const name = explained.length === 1 ? file : `${file}, certificate ${index + 1} of ${explained.length}`
      yield* request.json
        ? Output.line(JSON.stringify({ file, ...each }))
        : Output.lines([name, ...CertificateText.lines(each)])
    }
  }
})

const explainPem = Effect.fnUntraced(function*(
  text: string,
  naming: NamingFlag
): Effect.fn.Return<ReadonlyArray<CertificateText.Explained>, CommandFailed> {
  const blocks = Pem.certificates(text)
  if (blocks.length === 0) return yield* usage("there is no certificate in PEM form")
  const explained: Array<CertificateText.Explained> = []
  for (const der of blocks) {
    if (der === undefined) return yield* usage("a certificate is not base64")
    const read = Certificate.decode(der)
    if (Result.isFailure(read)) {
      return yield* usage(`a certificate cannot be read: ${read.failure.detail} [${read.failure.rule}]`)
    }
    explained.push(yield* CertificateText.explain(read.success, namingOf(naming)))
  }
  return explained
})

const asUsage = ({ message }: { readonly message: string }): CommandFailed => usage(message)
