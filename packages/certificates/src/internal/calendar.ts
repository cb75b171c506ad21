/**
 * Certificate times to milliseconds since 1970 and back, in the Gregorian calendar from year 0 to 9999.
 *
 * @internal
 */

/** Year, month, day, hour, minute, second; `undefined` when there is no such moment. */
export const toMillis = (parts: ReadonlyArray<number>): number | undefined => {
  const [year = -1, month = 0, day = 0, hour = 24, minute = 60, second = 60] = parts
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
  if (!isReal || hour > 23 || minute > 59 || second > 59) return undefined
  return (((daysBefore(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000
}

/** `2026-01-02T03:04:05Z`. */
export const toIso = (millis: number): string => {
  const seconds = Math.floor(millis / 1000)
  const days = Math.floor(seconds / 86400)
  const rest = seconds - days * 86400
  const [year, month, day] = dateOf(days)
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map((each) => digits(each, 2)).join(
    ":"
  )
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}T${clock}Z`
}

const digits = (value: number, size: number): string => String(value).padStart(size, "0")

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const daysIn = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31

/** Days since 1970-01-01. The year begins in March, so that a leap day is its last. */
const daysBefore = (year: number, month: number, day: number): number => {
  const shifted = month <= 2 ? year - 1 : year
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400)
  return shifted * 365 + leapDays + dayOfYear - daysUntil1970
}

const dateOf = (days: number): readonly [year: number, month: number, day: number] => {
  const since = days + daysUntil1970
  const era = Math.floor(since / 146097)
  const dayOfEra = since - era * 146097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day]
}

const daysUntil1970 = 719468
