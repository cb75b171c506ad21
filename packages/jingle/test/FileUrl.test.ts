/** Offers of files as URLs, there and back. */
import { Element, Serialize } from "@xmpp-e2e/xml"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as FileUrl from "../src/FileUrl.ts"

const sha256 = "0".repeat(64)
const file: FileUrl.OfferedFile = { sid: "f3a1", name: "letter.txt", size: 1022, sha256 }
const url = FileUrl.encode("romeo@forza", file)
const reason = (owner: string, url: string) =>
  Result.match(FileUrl.decode(owner, url), { onSuccess: () => "sound", onFailure: (failure) => failure.reason })

const anyFile = fc.record({
  sid: fc.stringMatching(/^[!-~é]{1,40}$/),
  name: fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }).filter((name) => name.length <= 1024),
  size: fc.nat(Number.MAX_SAFE_INTEGER).filter((size) => size < 1e15),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
  mediaType: fc.constantFrom("text/plain", "image/svg+xml", "application/vnd.oasis.opendocument.text")
}, { requiredKeys: ["sid", "name", "size", "sha256"] })

describe("URLs of files", () => {
  it("XEP-0066 §5 are URIs of RFC 3986, and say the same when they are read", () => {
    fc.assert(
      fc.property(anyFile, fc.string({ unit: "grapheme", minLength: 1 }), (file, owner) => {
        const url = FileUrl.encode(owner, file)
        assert.match(url, /^[a-z]+:(?:[\w\-.~!$&'()*+,;=:@/?]|%[0-9A-F]{2})+$/)
        assert.deepEqual(FileUrl.decode(owner, url), Result.succeed(file))
        assert.isUndefined(Serialize.obstacle(FileUrl.toElement(owner, file)))
        assert.deepEqual(FileUrl.fromElement(owner, FileUrl.toElement(owner, file)), Result.succeed(file))
      })
    )
  })

  it.each(["text", "text/", "/plain", "text/pla in", "text/plain;charset=utf-8", "a/b/c", `a/${"b".repeat(128)}`])(
    "RFC 6838 §4.2 say nothing of a media type that is none: %s",
    (mediaType) => {
      const without = Result.succeed(file)
      assert.deepEqual(FileUrl.decode("romeo@forza", FileUrl.encode("romeo@forza", { ...file, mediaType })), without)
      assert.deepEqual(FileUrl.decode("romeo@forza", `${url};mime-type=${encodeURIComponent(mediaType)}`), without)
    }
  )

  it("are read or refused, whatever they are", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.string().map((tail) => `xmpp:a@b?recvfile;${tail}`))
    fc.assert(fc.property(text, (url) => void FileUrl.decode("a@b", url)))
  })

  it("XEP-0066 §2 stand in a query with a description that others can show", () => {
    assert.strictEqual(
      Serialize.element(FileUrl.toElement("romeo@forza", { ...file, name: "ä\u0001.txt" }), []),
      "<query xmlns='jabber:iq:oob'><url>xmpp:romeo@forza?recvfile;sid=f3a1;name=%C3%A4%01.txt;size=1022;sha-256="
        + `${sha256}</url><desc>ä\ufffd.txt</desc></query>`
    )
  })

  it.each([
    ["sound", url],
    ["sound", `${url};mime-type=text%2Fplain`],
    ["notOurs", "https://example.org/letter.txt"],
    ["notOurs", "xmpp:romeo@forza?message;body=hi"],
    ["notOurs", `${url};x=${"a".repeat(20_000)}`],
    ["otherOwner", url.replace("romeo", "tybalt")],
    ["otherOwner", url.replace("romeo", "%ff")],
    ["resumption", `${url};offset=100`],
    ["malformed", url.replace("size=1022", "size=-1")],
    ["malformed", url.replace("size=1022", "size=0x10")],
    ["malformed", url.replace("size=1022", "size=9999999999999999")],
    ["malformed", url.replace("letter.txt", "")],
    ["malformed", url.replace("letter.txt", "%c3")],
    ["malformed", url.replace("name=letter.txt;", "")],
    ["malformed", url.replace("f3a1", "f3%20a1")],
    ["malformed", `${url};size=3`],
    ["malformed", url.slice(0, -1)]
  ])("%s: %s", (expected, url) => assert.strictEqual(reason("romeo@forza", url), expected))

  it("what is no query is no offer, and each refusal says what to do", () => {
    assert.isTrue(Result.isFailure(FileUrl.fromElement("a@b", Element.make("jabber:iq:oob", "query"))))
    assert.isTrue(Result.isFailure(FileUrl.fromElement("romeo@forza", Element.make("jabber:x:oob", "x", {}, [url]))))
    for (const reason of ["notOurs", "otherOwner", "resumption", "malformed"] as const) {
      assert.match(new FileUrl.FileUrlUnsound({ reason }).message, /; .+\.$/)
    }
  })
})
