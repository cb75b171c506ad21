/**
 * The Bidi Rule (RFC 5893 §2): texts that hold characters written from right to left keep their order on the screen. User
 * names are held to it when they hold such characters, domains when one of their labels does.
 *
 * @internal
 */
import { type BidiClass, bidiClass } from "./unicode.ts"

/** RFC 5893 §1.4: what makes a label an RTL label. */
export const hasRightToLeft = (points: ReadonlyArray<number>): boolean =>
  points.some((point) => isRightToLeft(bidiClass(point)))

/** The first of the six conditions that does not hold, in words that complete "it …". */
export const bidiFault = (points: ReadonlyArray<number>): string | undefined => {
  const classes = points.map(bidiClass)
  const [first] = classes
  const last = classes.findLast((each) => each !== "NSM")
  const lacks = (allowed: ReadonlyArray<BidiClass>): boolean => classes.some((each) => !allowed.includes(each))
  if (first === "R" || first === "AL") {
    if (lacks(inRightToLeft)) return "holds characters of the other direction (condition 2)"
    if (!["R", "AL", "EN", "AN"].includes(last ?? "")) return "does not end with a letter or a digit (condition 3)"
    return classes.includes("EN") && classes.includes("AN") ? "mixes digits of two kinds (condition 4)" : undefined
  }
  if (first !== "L") return "does not begin with a letter (condition 1)"
  if (lacks(inLeftToRight)) return "holds characters of the other direction (condition 5)"
  return last === "L" || last === "EN" ? undefined : "does not end with a letter or a digit (condition 6)"
}

const isRightToLeft = (each: BidiClass): boolean => each === "R" || each === "AL" || each === "AN"

const neutral: ReadonlyArray<BidiClass> = ["EN", "ES", "CS", "ET", "ON", "BN", "NSM"]
const inRightToLeft: ReadonlyArray<BidiClass> = ["R", "AL", "AN", ...neutral]
const inLeftToRight: ReadonlyArray<BidiClass> = ["L", ...neutral]
