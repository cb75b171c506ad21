/**
 * A TLS 1.3 peer by hand (RFC 8446), in either role: one suite, one group, no checks. It shows whatever bytes it is given as
 * its certificates, which no library would, and signs with whatever key it is given.
 */
import * as Crypto from "node:crypto"
import type * as Net from "node:net"

/** One CertificateEntry (§4.4.2). */
export interface Entry {
  readonly certificate: Uint8Array
  /** Encoded extensions, without the length before them. */
  readonly extensions?: Uint8Array
}

export interface Script {
  readonly entries: ReadonlyArray<Entry>
  /** Signs CertificateVerify. Absent: there is none, and no key of whatever is shown is proven. */
  readonly key?: Crypto.KeyObject
  /** Leaves the Certificate message out altogether. */
  readonly mute?: boolean
  /** More extensions of the ClientHello, encoded. */
  readonly hello?: Uint8Array
}

export interface Heard {
  /** The body of the peer's first message. */
  readonly hello: Buffer
  /** The types of the handshake messages that came. */
  readonly types: ReadonlyArray<number>
  /** The alert that came, if one did. */
  readonly alert: number | undefined
}

/** Plays until both sides have sent their Finished, or the peer is gone. */
export const play = async (socket: Net.Socket, as: "client" | "server", script: Script): Promise<Heard> => {
  const wire = makeWire(socket)
  let hello: Buffer = Buffer.alloc(0)
  try {
    hello = as === "server" ? await serve(wire, script) : await dial(wire, script)
  } catch (cause) {
    if (!(cause instanceof Gone)) throw cause
  }
  return { hello, types: wire.types, alert: wire.alert() }
}

const serve = async (wire: Wire, script: Script): Promise<Buffer> => {
  const hello = await wire.receive()
  const sessionLength = hello.readUInt8(38)
  const session = hello.subarray(38, 39 + sessionLength)
  const share = keyShareOf(hello, 41 + sessionLength + hello.readUInt16BE(39 + sessionLength) + 2)
  const own = Crypto.generateKeyPairSync("x25519")
  const chosen = Buffer.concat([
    extension(43, Buffer.from("0304", "hex")),
    extension(51, Buffer.concat([u16(x25519), vector(2, rawOf(own.publicKey))]))
  ])
  wire.send(
    2,
    Buffer.concat([u16(0x0303), Crypto.randomBytes(32), session, u16(suite), Buffer.of(0), vector(2, chosen)])
  )
  const secrets = agree(wire, own.privateKey, share)
  wire.readWith(secrets.client)
  wire.writeWith(secrets.server)
  wire.send(8, vector(2, Buffer.alloc(0)))
  wire.send(13, Buffer.concat([Buffer.of(0), vector(2, extension(13, vector(2, schemes)))]))
  show(wire, script, "server")
  wire.send(20, wire.finished(secrets.server))
  while ((await wire.receive()).readUInt8(0) !== 20);
  return hello.subarray(4)
}

const dial = async (wire: Wire, script: Script): Promise<Buffer> => {
  const own = Crypto.generateKeyPairSync("x25519")
  const offered = Buffer.concat([
    extension(43, Buffer.from("020304", "hex")),
    extension(10, vector(2, u16(x25519))),
    extension(13, vector(2, schemes)),
    extension(51, vector(2, Buffer.concat([u16(x25519), vector(2, rawOf(own.publicKey))]))),
    script.hello ?? Buffer.alloc(0)
  ])
  wire.send(
    1,
    Buffer.concat([
      u16(0x0303),
      Crypto.randomBytes(32),
      vector(1, Crypto.randomBytes(32)),
      vector(2, u16(suite)),
      vector(1, Buffer.of(0)),
      vector(2, offered)
    ])
  )
  const hello = await wire.receive()
  const secrets = agree(wire, own.privateKey, keyShareOf(hello, 39 + hello.readUInt8(38) + 3))
  wire.readWith(secrets.server)
  while ((await wire.receive()).readUInt8(0) !== 20);
  wire.writeWith(secrets.client)
  show(wire, script, "client")
  wire.send(20, wire.finished(secrets.client))
  return hello.subarray(4)
}

const show = (wire: Wire, { entries, key, mute }: Script, as: "client" | "server"): void => {
  if (mute === true) return
  const list = entries.map(({ certificate, extensions }) =>
    Buffer.concat([vector(3, certificate), vector(2, extensions ?? Buffer.alloc(0))])
  )
  wire.send(11, Buffer.concat([vector(1, Buffer.alloc(0)), vector(3, Buffer.concat(list))]))
  if (key === undefined) return
  const content = Buffer.concat([
    Buffer.alloc(64, 0x20),
    Buffer.from(`TLS 1.3, ${as} CertificateVerify\0`),
    wire.transcript()
  ])
  const [scheme, sign] = signing(key)
  wire.send(15, Buffer.concat([u16(scheme), vector(2, sign(content))]))
}

/** §4.2.3 */
const signing = (key: Crypto.KeyObject): readonly [scheme: number, sign: (content: Buffer) => Buffer] => {
  const { asymmetricKeyDetails: details, asymmetricKeyType: type } = key
  const pss = { key, padding: Crypto.constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  switch (type) {
    case "ed25519":
      return [0x0807, (content) => Crypto.sign(null, content, key)]
    case "ed448":
      return [0x0808, (content) => Crypto.sign(null, content, key)]
    case "rsa":
      return [0x0804, (content) => Crypto.sign("sha256", content, pss)]
    case "rsa-pss":
      return [0x0809, (content) => Crypto.sign("sha256", content, pss)]
    default: {
      const [scheme, hash] = details?.namedCurve === "secp521r1"
        ? [0x0603, "sha512"] as const
        : details?.namedCurve === "secp384r1"
        ? [0x0503, "sha384"] as const
        : [0x0403, "sha256"] as const
      return [scheme, (content) => Crypto.sign(hash, content, key)]
    }
  }
}

interface Secrets {
  readonly client: Buffer
  readonly server: Buffer
}

/** §7.1, up to the secrets of the handshake. */
const agree = (wire: Wire, own: Crypto.KeyObject, share: Buffer): Secrets => {
  const publicKey = Crypto.createPublicKey({
    key: Buffer.concat([spkiPrefix, share]),
    format: "der",
    type: "spki"
  })
  const early = hmac(Buffer.alloc(32), Buffer.alloc(32))
  const secret = hmac(
    expand(early, "derived", hash(Buffer.alloc(0)), 32),
    Crypto.diffieHellman({ privateKey: own, publicKey })
  )
  return {
    client: expand(secret, "c hs traffic", wire.transcript(), 32),
    server: expand(secret, "s hs traffic", wire.transcript(), 32)
  }
}

/** The key of our group among the extensions that begin at `at`. */
const keyShareOf = (message: Buffer, at: number): Buffer => {
  for (let next = at + 2; next < message.length; next += 4 + message.readUInt16BE(next + 2)) {
    if (message.readUInt16BE(next) !== 51) continue
    const body = message.subarray(next + 4, next + 4 + message.readUInt16BE(next + 2))
    const found = body.lastIndexOf(Buffer.from("001d0020", "hex"))
    if (found >= 0) return body.subarray(found + 4, found + 36)
  }
  throw new Error("the peer offers no X25519")
}

interface Wire {
  readonly send: (type: number, body: Uint8Array) => void
  /** The next handshake message, with its header. */
  readonly receive: () => Promise<Buffer>
  readonly readWith: (secret: Buffer) => void
  readonly writeWith: (secret: Buffer) => void
  readonly transcript: () => Buffer
  readonly finished: (secret: Buffer) => Buffer
  readonly types: Array<number>
  readonly alert: () => number | undefined
}

class Gone extends Error {}

const makeWire = (socket: Net.Socket): Wire => {
  const incoming = chunksOf(socket)
  const messages: Array<Buffer> = []
  const types: Array<number> = []
  let bytes: Buffer = Buffer.alloc(0)
  let handshake: Buffer = Buffer.alloc(0)
  let alert: number | undefined
  let reading: Cipher | undefined
  let writing: Cipher | undefined

  const need = async (count: number): Promise<Buffer> => {
    while (bytes.length < count) bytes = Buffer.concat([bytes, await incoming()])
    const taken = bytes.subarray(0, count)
    bytes = bytes.subarray(count)
    return taken
  }
  const record = async (): Promise<void> => {
    const header = await need(5)
    const body = await need(header.readUInt16BE(3))
    const type = header.readUInt8(0)
    // A change of cipher says nothing in TLS 1.3.
    if (type === 20) return
    const [inner, content] = type === 23 && reading !== undefined ? reading.open(header, body) : [type, body] as const
    if (inner === 21) {
      alert = content.readUInt8(1)
      throw new Gone()
    }
    if (inner === 22) handshake = Buffer.concat([handshake, content])
  }
  return {
    types,
    alert: () => alert,
    transcript: () => hash(Buffer.concat(messages)),
    finished: (secret) => hmac(expand(secret, "finished", Buffer.alloc(0), 32), hash(Buffer.concat(messages))),
    readWith: (secret) => {
      reading = makeCipher(secret)
    },
    writeWith: (secret) => {
      writing = makeCipher(secret)
    },
    receive: async () => {
      while (handshake.length < 4 || handshake.length < 4 + handshake.readUIntBE(1, 3)) await record()
      const length = 4 + handshake.readUIntBE(1, 3)
      const message = handshake.subarray(0, length)
      handshake = handshake.subarray(length)
      messages.push(message)
      types.push(message.readUInt8(0))
      return message
    },
    send: (type, body) => {
      const message = Buffer.concat([Buffer.of(type), u24(body.length), body])
      messages.push(message)
      for (let at = 0; at < message.length; at += fragment) {
        const part = message.subarray(at, at + fragment)
        socket.write(writing === undefined ? plain(part) : writing.seal(22, part))
      }
    }
  }
}

const chunksOf = (socket: Net.Socket): () => Promise<Buffer> => {
  const chunks: Array<Buffer> = []
  let over = false
  let wake = (): void => {}
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk)
    wake()
  })
  for (const event of ["end", "close", "error"]) {
    socket.on(event, () => {
      over = true
      wake()
    })
  }
  return async () => {
    while (chunks.length === 0) {
      if (over) throw new Gone()
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return chunks.shift() ?? Buffer.alloc(0)
  }
}

interface Cipher {
  readonly seal: (type: number, content: Buffer) => Buffer
  readonly open: (header: Buffer, body: Buffer) => readonly [type: number, content: Buffer]
}

/** §5.2, §5.3 */
const makeCipher = (secret: Buffer): Cipher => {
  const key = expand(secret, "key", Buffer.alloc(0), 16)
  const iv = expand(secret, "iv", Buffer.alloc(0), 12)
  let count = 0
  const nonce = (): Buffer => {
    const out = Buffer.from(iv)
    out.writeUInt32BE((out.readUInt32BE(8) ^ count++) >>> 0, 8)
    return out
  }
  return {
    seal: (type, content) => {
      const header = Buffer.concat([Buffer.from("170303", "hex"), u16(content.length + 17)])
      const cipher = Crypto.createCipheriv("aes-128-gcm", key, nonce()).setAAD(header)
      const body = [cipher.update(Buffer.concat([content, Buffer.of(type)])), cipher.final()]
      return Buffer.concat([header, ...body, cipher.getAuthTag()])
    },
    open: (header, body) => {
      const cipher = Crypto.createDecipheriv("aes-128-gcm", key, nonce()).setAAD(header)
      const content = cipher.setAuthTag(body.subarray(-16)).update(body.subarray(0, -16))
      cipher.final()
      const last = content.findLastIndex((octet) => octet !== 0)
      return [content.readUInt8(last), content.subarray(0, last)]
    }
  }
}

/** HKDF-Expand-Label, up to 32 octets. */
const expand = (secret: Buffer, label: string, context: Buffer, length: number): Buffer => {
  const info = Buffer.concat([u16(length), vector(1, Buffer.from(`tls13 ${label}`)), vector(1, context), Buffer.of(1)])
  return hmac(secret, info).subarray(0, length)
}

export const extension = (type: number, body: Uint8Array): Buffer => Buffer.concat([u16(type), vector(2, body)])

/** A staple in a CertificateEntry (§4.4.2.1), or in any other place. */
export const staple = (response: Uint8Array): Buffer => extension(5, Buffer.concat([Buffer.of(1), vector(3, response)]))

const vector = (width: 1 | 2 | 3, body: Uint8Array): Buffer => {
  const length = Buffer.alloc(width)
  length.writeUIntBE(body.length, 0, width)
  return Buffer.concat([length, body])
}

const hmac = (key: Buffer, data: Buffer): Buffer => Crypto.createHmac("sha256", key).update(data).digest()
const hash = (data: Buffer): Buffer => Crypto.createHash("sha256").update(data).digest()
const rawOf = (key: Crypto.KeyObject): Buffer => key.export({ type: "spki", format: "der" }).subarray(-32)
const plain = (part: Buffer): Buffer => Buffer.concat([Buffer.from("160303", "hex"), u16(part.length), part])
const u16 = (value: number): Buffer => Buffer.of(value >> 8, value & 255)
const u24 = (value: number): Buffer => Buffer.of(value >> 16, (value >> 8) & 255, value & 255)
const spkiPrefix = Buffer.from("302a300506032b656e032100", "hex")
const schemes = Buffer.from("040305030603080408050806080708080809080a080b", "hex")
const suite = 0x1301
const x25519 = 0x001d
const fragment = 16_384
