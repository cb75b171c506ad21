/** A list as a wheel: every number names one of its things. The list is not empty. */
export const nth = <A>(list: ReadonlyArray<A>, index: number): A => list[(index >>> 0) % list.length] as A
