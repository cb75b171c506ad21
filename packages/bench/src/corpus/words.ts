/**
 * What people write: sentences of a wanted length, some of them with what makes texts dear to write and to read, namely
 * characters that XML escapes, letters of other alphabets, and emoji.
 */
import { between, oneOf, type Random } from "./random.ts"

export const text = (random: Random, least: number, most: number): string => {
  const wanted = between(random, least, most)
  const special = random() % 100
  let written = ""
  while (written.length < wanted) written += `${written === "" ? "" : " "}${oneOf(random, plain)}`
  if (special < 4) return `${written} ${oneOf(random, emoji)}`
  if (special < 10) return `${written} ${oneOf(random, foreign)}`
  if (special < 16) return `${written} ${oneOf(random, escaped)}`
  return `${written}${oneOf(random, ends)}`
}

const words = (all: string): readonly [string, ...ReadonlyArray<string>] => {
  const [first = "", ...others] = all.split(" ")
  return [first, ...others]
}

const plain = words(
  "the and you that was for are with his they this have from one had word but not what all were when your can said "
    + "there use each which she how their will other about out many then them these some her would make like him into "
    + "time has look two more write see number way could people than first water been call who its now find long down "
    + "day did get come made may part don't it's we'll train tomorrow meeting dinner office please thanks"
)
const emoji = words("🙂 😂 👍 ❤️ 🎉 🚀 👨‍👩‍👧 🤷‍♀️")
const foreign = words("Grüße déjà naïve señor žluťoučký привет καλημέρα こんにちは 你好 שלום")
const escaped = words("a<b R&D \"quoted\" x>y https://example.org/?a=1&b=2 <3 AT&T")
const ends = [".", ".", ".", "!", "?", ""] as const
