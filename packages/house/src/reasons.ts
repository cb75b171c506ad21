/**
 * Why a row of the ledger has no test: a reason that is true and not merely late. A row that has got a test loses its
 * reason, and the house's test says so.
 */
export const reasons: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    "later, with link-local discovery": "E2E-04 FEAT-21 STZ-04",
    "later, with Jingle": "AMB-01 AMB-16 AMB-17 AMB-18 IBB-01 IBB-02 IBB-17 IBB-19",
    "later, with machines above an established stream": "FEAT-22 STZ-17 CAPS-04",
    "later, with a supervisor that dials again": "TIME-11 ERR-51 ERR-52 ERR-53 ERR-54 ERR-55 SERR-10 AMB-26",
    "no code relays anything": "STZ-14",
    "no code fetches anything": "CERT-44",
    "a duty of whoever issues the certificate": "CERT-36",
    "describes what others may do": "E2E-14 E2E-20",
    "never sent: no code makes it": "ERR-26 ERR-34 AMB-29"
  }).flatMap(([reason, ids]) => ids.split(" ").map((id) => [id, reason]))
)
