import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import * as Fs from "node:fs"
import * as Path from "node:path"
import * as DerFiles from "../src/internal/der-files.ts"
import * as SystemStore from "../src/internal/system-store.ts"
import * as NodeAuthorities from "../src/NodeAuthorities.ts"
import { hex, make, sequence, three, tlv } from "./certificates.ts"
import { temporary } from "./directories.ts"

const [, middle, root] = three("juliet@pronto")
const other = make({ name: "another root", authority: true })

/** RFC 5280 §5.1, with nothing revoked; nobody checks the signature here. */
const crl = sequence(
  sequence(hex("020101"), sequence(tlv(0x06, hex("2b6570"))), sequence(), tlv(0x17, Buffer.from("260101000000Z"))),
  sequence(tlv(0x06, hex("2b6570"))),
  tlv(0x03, hex("00"), new Uint8Array(64))
)
const pem = (label: string, der: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString("base64")}\n-----END ${label}-----\n`

const hexes = (found: ReadonlyArray<Uint8Array>): ReadonlyArray<string> =>
  found.map((der) => Buffer.from(der).toString("hex"))

/** Files of a directory by their names, read by their paths. */
const laid = Effect.fnUntraced(function*(files: Readonly<Record<string, string | Uint8Array>>) {
  const directory = yield* temporary
  for (const [name, content] of Object.entries(files)) Fs.writeFileSync(Path.join(directory, name), content)
  return { directory, at: (name: string) => Path.join(directory, name) }
})

describe("NodeAuthorities", () => {
  it.live("CERT-30 certificates come out of PEM bundles and DER files as they are, in order, each once", () =>
    Effect.gen(function*() {
      const { at } = yield* laid({
        "bundle.pem": ` 0 s:CN=the root\n\uFEFF${root.pem}# and\r\n${middle.pem.replaceAll("\n", "\r\n")}${
          pem("X509 CRL", crl)
        }`,
        "one.der": other.der,
        "again.crt": pem("X509 CERTIFICATE", root.der).trimEnd() + other.pem
      })
      const found = yield* NodeAuthorities.readCertificates(["bundle.pem", "one.der", "bundle.pem"].map(at))
      assert.deepStrictEqual(hexes(found), hexes([root.der, middle.der, other.der]))
      assert.deepStrictEqual(yield* NodeAuthorities.readCertificates([]), [])
      const torn = yield* Effect.flip(NodeAuthorities.readCertificates([at("again.crt")]))
      assert.match(torn.message, /again\.crt has 2 PEM blocks of which \d are whole/)
    }))

  it.live("CERT-30 of a directory the hashed names count, through their links; without such the endings", () =>
    Effect.gen(function*() {
      const { at, directory } = yield* laid({
        "a.pem": root.pem,
        "b.CRT": middle.pem,
        "c.der": other.der,
        "d.txt": "x"
      })
      assert.deepStrictEqual(
        hexes(yield* NodeAuthorities.readCertificates([directory])),
        hexes([root.der, middle.der, other.der])
      )
      Fs.symlinkSync("b.CRT", at("0b7ce2d4.0"))
      Fs.symlinkSync("c.der", at("0b7ce2d4.1"))
      Fs.writeFileSync(at("0b7ce2d4.r0"), pem("X509 CRL", crl))
      assert.deepStrictEqual(
        hexes(yield* NodeAuthorities.readCertificates([directory])),
        hexes([middle.der, other.der])
      )
      assert.deepStrictEqual(hexes(yield* NodeAuthorities.readCrls([directory])), hexes([crl]))
      Fs.symlinkSync("nowhere", at("0b7ce2d4.2"))
      const error = yield* Effect.flip(NodeAuthorities.readCertificates([directory]))
      assert.strictEqual(error.reason, "unreadable")
      assert.match(error.message, /0b7ce2d4\.2 cannot be read: it is not there/)
    }))

  it.live("CERT-30 revocation lists come out of PEM and DER; what has another shape is none", () =>
    Effect.gen(function*() {
      const second = Uint8Array.from(crl)
      second.set([1], second.length - 1)
      const { at } = yield* laid({
        "lists.pem": root.pem + pem("X509 CRL", crl) + pem("X509 CRL", second),
        "list.crl": second,
        "certificate.der": sequence(sequence(), sequence()),
        "torn.crl": crl.subarray(0, -1)
      })
      assert.deepStrictEqual(
        hexes(yield* NodeAuthorities.readCrls([at("lists.pem"), at("list.crl")])),
        hexes([crl, second])
      )
      for (const name of ["certificate.der", "torn.crl"]) {
        const error = yield* Effect.flip(NodeAuthorities.readCrls([at(name)]))
        assert.strictEqual(error.reason, "invalid")
        assert.include(error.message, name)
      }
      assert.match(
        (yield* Effect.flip(NodeAuthorities.readCrls([at("list.crl"), at("none")]))).message,
        /none cannot be/
      )
    }))

  it.live("CERT-30 one thing that is wrong is an error that names the file, the trouble and the remedy", () =>
    Effect.gen(function*() {
      const bent = Buffer.from(middle.der)
      bent[0] = 0x31
      const cases: ReadonlyArray<readonly [content: string | Uint8Array, reason: string, words: RegExp]> = [
        ["", "invalid", /neither PEM nor the DER/],
        ["hello", "invalid", /neither PEM nor the DER/],
        [bent, "invalid", /neither PEM nor the DER of a certificate.*export it again/],
        [root.der.subarray(0, -1), "invalid", /neither PEM nor/],
        [Buffer.concat([root.der, other.der]), "invalid", /neither PEM nor/],
        [sequence(), "invalid", /of a certificate/],
        [
          root.pem + pem("CERTIFICATE", bent),
          "invalid",
          /certificate 2 of 2 cannot be read: .*; have it exported anew, or/
        ],
        [root.pem + pem("CERTIFICATE", root.der.subarray(0, 99)), "invalid", /certificate 2 of 2 cannot be read/],
        [root.pem.replace("MII", "M*I"), "invalid", /the certificate is not base64/],
        [root.pem + other.pem.slice(0, -20), "invalid", /2 PEM blocks of which 1 are whole; copy the file anew/],
        [root.pem + other.pem.slice(0, 200) + middle.pem, "invalid", /3 PEM blocks of which 2 are whole/],
        [root.pem.replaceAll("CERTIFICATE", "TRUSTED CERTIFICATE"), "invalid", /TRUSTED CERTIFICATE format; convert/],
        [root.keyPem, "empty", /holds no certificate, but PRIVATE KEY/],
        [pem("PKCS7", sequence()), "empty", /holds no certificate, but PKCS7/]
      ]
      for (const [content, reason, words] of cases) {
        const { at } = yield* laid({ "ca.pem": content, "good.pem": other.pem })
        const error = yield* Effect.flip(NodeAuthorities.readCertificates([at("good.pem"), at("ca.pem")]))
        assert.strictEqual(error.reason, reason, error.message)
        assert.match(error.message, words)
        assert.include(error.message, at("ca.pem"))
        assert.notInclude(error.message, "MII")
      }
    }))

  it.live("what is missing, unreadable, a pipe, empty, too large or open to everybody is an error", () =>
    Effect.gen(function*() {
      const { at, directory } = yield* laid({ "ca.pem": root.pem, "large.pem": "" })
      const fails = (name: string) => Effect.flip(NodeAuthorities.readCertificates([at(name)]))
      assert.match((yield* fails("none")).message, /none cannot be read: it is not there/)
      execFileSync("mkfifo", [at("pipe")])
      assert.match((yield* fails("pipe")).message, /it is not a file/)
      Fs.truncateSync(at("large.pem"), 16_777_217)
      assert.match((yield* fails("large.pem")).message, /it is too large/)
      Fs.mkdirSync(at("empty"))
      assert.match((yield* fails("empty")).message, /holds no certificate: neither names that openssl rehash makes/)
      Fs.chmodSync(at("ca.pem"), 0o664)
      assert.lengthOf(yield* NodeAuthorities.readCertificates([at("ca.pem")]), 1)
      Fs.chmodSync(at("ca.pem"), 0o666)
      assert.match((yield* fails("ca.pem")).message, /everybody can write to .*ca\.pem.*chmod o-w/)
      Fs.chmodSync(directory, 0o777)
      assert.match((yield* Effect.flip(NodeAuthorities.readCertificates([directory]))).message, /chmod o-w/)
    }).pipe(Effect.timeout("5 seconds")))

  it.live("the lists of Node: many authorities, each once, and no word of what could not be read is lost", () =>
    Effect.gen(function*() {
      const bundled = yield* NodeAuthorities.system("bundled")
      assert.isAbove(bundled.certificates.length, 50)
      assert.strictEqual(new Set(hexes(bundled.certificates)).size, bundled.certificates.length)
      assert.match(bundled.source, /comes with Node/)
      const byDefault = yield* NodeAuthorities.system("default")
      assert.isAbove(byDefault.certificates.length + byDefault.warnings.length, 0)
    }))

  it("where Node cannot read the system's store, the variables of OpenSSL count, then the list of Node, said honestly", () => {
    const old = { rootCertificates: [root.pem], version: "23.5.0" }
    assert.deepStrictEqual(SystemStore.choose(old, "system"), {
      _tag: "Texts",
      texts: [root.pem],
      source: "the list of Mozilla that comes with Node, because Node 23.5.0 cannot read the store of the system"
    })
    const told = SystemStore.choose(
      { ...old, file: "/a.pem", directories: ["/b", "", "/c"].join(Path.delimiter) },
      "system"
    )
    assert.deepStrictEqual(told._tag === "Paths" && told.paths, ["/a.pem", "/b", "/c"])
    assert.strictEqual(
      SystemStore.choose({ ...old, file: "" }, "bundled").source,
      "the list of Mozilla that comes with Node"
    )
    const asked: Array<string> = []
    const getCACertificates = (type: string) => {
      asked.push(type)
      return [other.pem]
    }
    const choice = SystemStore.choose({ ...old, getCACertificates, file: "/a.pem" }, "system")
    assert.deepStrictEqual(choice._tag === "Texts" && choice.texts, [other.pem])
    assert.deepStrictEqual(asked, ["system"])
  })

  it("one thing that is wrong spoils nothing else: each is told apart", () => {
    const bundle = root.pem + pem("CERTIFICATE", Uint8Array.of(0x30, 0)) + other.pem
    const items = DerFiles.parse("store", Buffer.from(bundle), DerFiles.certificate)
    assert.deepStrictEqual(items.map(({ _tag }) => _tag), ["Success", "Failure", "Success"])
  })

  it.live("CERT-30 the system's store with a bad certificate: a warning, and the good ones count", () =>
    Effect.gen(function*() {
      // OpenSSL reads this one, and we do not.
      const odd = make({ name: "odd", authority: true, extensions: hex("3000") })
      const { at } = yield* laid({ "system.pem": root.pem + odd.pem + other.pem })
      Fs.mkdirSync(at("empty"))
      const run = (file: string): unknown =>
        JSON.parse(execFileSync(process.execPath, [Path.join(import.meta.dirname, "system-store.ts")], {
          env: { SSL_CERT_FILE: file, SSL_CERT_DIR: at("empty") },
          encoding: "utf8"
        }))
      assert.deepStrictEqual(run(at("system.pem")), {
        certificates: hexes([root.der, other.der]),
        warnings: [
          "certificate 2 of the store of the system: the certificate cannot be read: the extensions is empty; "
          + "have it exported anew, or remove it"
        ]
      })
      assert.deepStrictEqual(run(at("none")), { error: "empty" })
    }))
})
