/** The mutants of the reducer: faults that somebody could make, each of which the corpus has to find (`find.ts`). */
import { common } from "./common.ts"
import type { Mutant } from "./mutant.ts"
import { negotiation } from "./negotiation.ts"
import { session } from "./session.ts"

export const mutants: ReadonlyArray<Mutant> = [...negotiation, ...session, ...common]
