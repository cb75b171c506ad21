/** `identity show --as --for`: what a peer with the same trust flags would say, by process, exit code and text. */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { authority } from "./authority.ts"
import { identity, run, temporary } from "./processes.ts"

const show = (...args: ReadonlyArray<string>) => run(["identity", "show", ...args])

const assertAccepted = async (rule: string, ...args: ReadonlyArray<string>) => {
  const { code, stderr, stdout } = await show(...args)
  assert.strictEqual(code, 0, stdout + stderr)
  assert.match(stdout, new RegExp(`Accepted: \\w+, by ${rule} `))
  assert.match(stdout, /^ {4}✓ /m)
  return stdout
}

const assertRefused = async (code: string, rule: string, ...args: ReadonlyArray<string>) => {
  const shown = await show(...args)
  assert.strictEqual(shown.code, 3, shown.stdout + shown.stderr)
  assert.include(shown.stdout, `${code}, by ${rule} `)
  assert.match(shown.stdout, /^ {4}✗ /m)
  assert.include(shown.stderr, `${code} [${rule}]`)
  return shown.stdout
}

/** An issued identity, a self-signed one, one that claims the same address, and the first one's fingerprints. */
const cast = async () => {
  const directory = temporary()
  const of = (name: string) => join(directory, name, "cert.pem")
  const ca = await authority(directory)
  await ca.issue("issued", "mira@tansy.example")
  const [own] = await Promise.all([
    identity(join(directory, "own"), "mira@tansy.example"),
    identity(join(directory, "other"), "mira@tansy.example")
  ])
  const key = JSON.parse((await show(of("own"), "--json")).stdout).keySha256 as string
  return { directory, ca: ca.file, issued: of("issued"), own: of("own"), other: of("other"), sha256: own, key }
}

const mira = ["--for", "mira@tansy.example"]

describe("identity show --as --for", () => {
  it("CERT-70 CERT-101 CERT-102 judges in either role, for a name and without one", async () => {
    const { ca, issued, own } = await cast()
    const trust = ["--trust-ca", ca]
    for (const as of [[], ["--as", "server"], ["--as", "client"]]) {
      const accepted = await assertAccepted("CERT-70", issued, ...trust, ...as, ...mira)
      assert.include(accepted, "It may speak for mira@tansy.example.")
      await assertRefused("selfSigned", "CERT-82", own, ...trust, ...as, ...mira)
      // A recipient lets the handshake end, so that the stream can say why; that is no admission.
      const mismatch = await assertRefused(
        "identityMismatch",
        "CERT-70",
        issued,
        ...trust,
        ...as,
        "--for",
        "rita@tansy"
      )
      assert.strictEqual(mismatch.includes("nobody is admitted by it"), as[1] === "client")
    }
    await assertAccepted("CERT-70", issued, ...trust, "--as", "client")
    await assertRefused("selfSigned", "CERT-82", own, ...trust, "--as", "client")
  })

  it("CERT-42 a certificate of an authority that nobody named", async () => {
    const { issued, sha256 } = await cast()
    const told = await assertRefused("untrustedCa", "CERT-42", issued, "--as", "client", "--trust-pin", sha256)
    assert.include(told, "To believe its authority and whomever that vouches for: --trust-ca FILE")
  })

  it("CERT-30 judges at another time", async () => {
    const { ca, issued } = await cast()
    const trust = ["--trust-ca", ca, ...mira]
    assert.include(await assertRefused("expired", "CERT-30", issued, ...trust, "--at", "2999-01-01"), "expired at")
    await assertRefused("notYetValid", "CERT-30", issued, ...trust, "--at", "2001-01-01T12:00:00+02:00")
    await assertAccepted("CERT-70", issued, ...trust, "--at", new Date().toISOString())
  })

  it("CERT-83 CERT-85 a pin of the certificate, and of the key, which a renewal passes", async () => {
    const { directory, key, other, own, sha256 } = await cast()
    const renewed = join(directory, "own", "cert.pem")
    const old = join(directory, "old.pem")
    copyFileSync(own, old)
    const { code, stderr } = await run(["identity", "renew", "--identity", join(directory, "own"), "--days", "7"])
    assert.strictEqual(code, 0, stderr)
    await assertAccepted("CERT-83", old, ...mira, "--trust-pin", sha256)
    await assertAccepted("CERT-83", old, ...mira, "--trust-pin", `mira@tansy.example=${sha256}`)
    await assertRefused("pinMismatch", "CERT-85", renewed, ...mira, "--trust-pin", `mira@tansy.example=${sha256}`)
    const byKey = ["--trust-by", "key", "--trust-pin"]
    await assertAccepted("CERT-83", renewed, ...mira, ...byKey, key)
    await assertAccepted("CERT-83", renewed, ...mira, ...byKey, `mira@tansy.example=${key}`)
    const told = await assertRefused("pinMismatch", "CERT-85", other, ...mira, ...byKey, `mira@tansy.example=${key}`)
    assert.include(told, "The certificate or key with the SHA-256 fingerprint")
  })

  it("CERT-86 CERT-88 a first use is told, and never written down", async () => {
    const { directory, other, own } = await cast()
    const store = join(directory, "store")
    const trust = [...mira, "--trust-store", store]
    for (let times = 0; times < 2; times++) await assertAccepted("CERT-88", own, ...trust)
    await assertAccepted("CERT-88", own, other, ...trust)
    assert.isFalse(existsSync(store))
    await assertRefused("selfSigned", "CERT-82", own, ...trust, "--first-use", "reject")
    const asked = await assertRefused("selfSigned", "CERT-82", own, ...trust, "--first-use", "ask")
    assert.include(asked, "there is nobody here who could be asked")
  })

  it("CERT-104 all who are named have to agree, or one of them", async () => {
    const { ca, issued, own, sha256 } = await cast()
    const trust = [...mira, "--trust-ca", ca, "--trust-pin", sha256]
    await assertAccepted("CERT-83", own, ...trust)
    await assertAccepted("CERT-70", issued, ...trust)
    const all = [...trust, "--trust-require", "all"]
    const told = await assertRefused("selfSigned", "CERT-82", own, ...all)
    assert.include(told, "✗ Every one of these ways of trusting vouches for the peer")
    assert.notInclude(told, "To believe this certificate", "a pin alone would not help")
    await assertRefused("pinMismatch", "CERT-85", issued, ...all)
    const issuedSha256 = JSON.parse((await show(issued, "--json")).stdout).sha256
    const agreed = ["--trust-ca", ca, "--trust-pin", issuedSha256, "--trust-require", "all"]
    assert.include(await assertAccepted("CERT-70", issued, ...mira, ...agreed), "besides: The certificate")
  })

  it("CERT-86 an authority and a first use have to agree: the store alone lets nobody in", async () => {
    const { ca, directory, issued, own } = await cast()
    const trust = [...mira, "--trust-ca", ca, "--trust-store", join(directory, "store"), "--trust-require", "all"]
    assert.include(await assertAccepted("CERT-70", issued, ...trust), "was seen for the first time")
    await assertRefused("selfSigned", "CERT-82", own, ...trust)
  })

  it("CERT-51 CERT-56 what is not known to be good, and what it is made for", async () => {
    const { ca, issued } = await cast()
    const trust = [...mira, "--trust-ca", ca]
    const hard = await assertRefused("revocationUnknown", "CERT-51", issued, ...trust, "--revocation", "hard")
    assert.include(hard, "--crl FILE")
    assert.include(await assertAccepted("CERT-70", issued, ...trust), "Note: revocationUnknown")
    assert.notInclude(
      await assertAccepted("CERT-70", issued, ...trust, "--revocation", "off"),
      "revocationUnknown: Nobody"
    )
    await assertAccepted("CERT-70", issued, ...trust, "--purpose", "strict")
  })

  it("CERT-23 CERT-40 a chain of several, and what cannot be read", async () => {
    const { ca, directory, issued } = await cast()
    const chain = join(directory, "chain.pem")
    writeFileSync(chain, readFileSync(issued, "utf8") + readFileSync(ca, "utf8"))
    await assertAccepted("CERT-70", chain, ...mira, "--trust-ca", ca)
    const broken = join(directory, "broken.pem")
    writeFileSync(
      broken,
      `-----BEGIN CERTIFICATE-----\n${Buffer.from([0x30, 0]).toString("base64")}\n-----END CERTIFICATE-----\n`
    )
    const told = await show(broken, ...mira, "--trust-ca", ca)
    assert.strictEqual(told.code, 3)
    assert.include(told.stdout, "Refused: malformed")
  })

  it("gives programs the verdict and the proof", async () => {
    const { ca, issued, own } = await cast()
    for (const [file, decision] of [[issued, "accept"], [own, "reject"]] as const) {
      const { stdout } = await show(file, ...mira, "--trust-ca", ca, "--json")
      const { proof, verdict, ...more } = JSON.parse(stdout)
      assert.deepStrictEqual(more, { file })
      assert.strictEqual(verdict.decision, decision)
      assert.strictEqual(proof.holds, decision === "accept")
      assert.strictEqual(proof.about._tag, "Verdict")
      assert.isAbove(proof.reasons.length, 0)
    }
  })

  const wrong: ReadonlyArray<readonly [string, ReadonlyArray<string>, RegExp]> = [
    ["a server for nobody", ["--as", "server"], /--for/],
    ["a time without a question", ["--at", "2030-01-01"], /--at/],
    ["trust without a question", ["--trust-system"], /--for/],
    ["a time that is none", ["--for", "a@b", "--at", "tomorrow"], /"tomorrow" is no time/],
    [
      "first use without a store",
      ["--for", "a@b", "--first-use", "accept"],
      /--first-use accept needs a --trust-store/
    ],
    ["a comparison of no pins", ["--for", "a@b", "--trust-by", "key", "--trust-system"], /--trust-by key/],
    ["all of nobody", ["--for", "a@b", "--trust-require", "all"], /--trust-require all/],
    ["revocation lists of nobody", ["--for", "a@b", "--crl", "x", "--trust-pin", "ab"], /--crl is about/],
    ["lists that are not looked at", ["--for", "a@b", "--trust-system", "--crl", "x", "--revocation", "off"], /--crl/],
    ["a list that is not there", ["--for", "a@b", "--trust-system", "--crl", "nowhere"], /--crl: .*nowhere/]
  ]
  for (const [what, args, sentence] of wrong) {
    it(`refuses ${what}, and says which flag`, async () => {
      const { code, stderr, stdout } = await show("/dev/null", ...args)
      assert.strictEqual(code, 2, stderr)
      assert.match(stderr, sentence)
      assert.strictEqual(stdout, "")
    })
  }
})
