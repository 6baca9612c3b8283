/**
 * The parts of a specification on which the numbers of its claims depend: the claims, the runs and theories that they name, of their models the energy, states and constraints with what
 * these read, and the observables that are named. What only stands beside them proves nothing.
 */
import { lex } from "../../grammar/lex.ts";
import { outline, type OutlinedItem, type Segment } from "../../grammar/outline.ts";

const namesIn = (segments: readonly Segment[]): ReadonlySet<string> => new Set(segments.flatMap((s) => s.tokens.map((t) => t.image)));

/** What a declaration of a model declares: the names before its `=`, `~` or `:`, but for those within brackets. */
function declaredBy({ tokens }: Segment): readonly string[] {
  const names: string[] = [];
  let depth = 0;
  for (const { image } of tokens.slice(1)) {
    if (image === "[") depth++;
    else if (image === "]") depth--;
    else if (depth === 0 && ["=", "~", ":"].includes(image)) break;
    else if (depth === 0 && /^[\p{L}_]/u.test(image)) names.push(image);
  }
  return names;
}

const moves: ReadonlySet<string> = new Set(["energy", "state", "constraint"]);

/** Of a model, given all that names its observables. */
function declarationsRead({ body }: OutlinedItem, named: ReadonlySet<string>): readonly Segment[] {
  const taken = new Set<Segment>();
  const take = (segment: Segment): void => {
    if (taken.has(segment)) return;
    taken.add(segment);
    const read = namesIn([segment]);
    for (const other of body) if (declaredBy(other).some((name) => read.has(name))) take(other);
  };
  for (const segment of body) if (moves.has(segment.word) || declaredBy(segment).some((name) => named.has(name))) take(segment);
  return [...taken];
}

export function assertedSegments(text: string): readonly Segment[] {
  const { items } = outline(lex(text).tokens);
  const nameOf = ({ head }: OutlinedItem): string => head.tokens[1]?.image ?? "";
  const taken = new Map<OutlinedItem, readonly Segment[]>();
  for (const item of items) if (["claim", "import", "use"].includes(item.head.word)) taken.set(item, [item.head]);
  if (![...taken.keys()].some((item) => item.head.word === "claim")) return [];
  // What is taken names more.
  for (let before = -1; before !== [...taken.values()].flat().length;) {
    before = [...taken.values()].flat().length;
    const named = namesIn([...taken.values()].flat());
    for (const item of items) {
      if (!["fn", "model", "run", "theory"].includes(item.head.word) || !named.has(nameOf(item))) continue;
      taken.set(item, [item.head, ...(item.head.word === "model" ? declarationsRead(item, named) : item.body.filter((s) => s.word !== "record"))]);
    }
  }
  return [...taken.values()].flat();
}
