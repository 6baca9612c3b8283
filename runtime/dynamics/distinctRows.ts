/** Rows of numbers, all of one length, each kept once in the order in which they came. Numbers are the same that print the same: 0 and −0, and all NaN. */
export class DistinctRows {
  readonly rows: Float64Array[] = [];
  /** Open addressing: 1 + the number of a row, or 0. */
  private slots = new Int32Array(256);

  /** The number of a row; undefined for one that is not there. */
  find(row: Float64Array): number | undefined {
    const found = this.slots[this.slotOf(row)]!;
    return found === 0 ? undefined : found - 1;
  }

  /** Keeps a row that is not there. */
  add(row: Float64Array): void {
    this.rows.push(row);
    if (2 * this.rows.length <= this.slots.length) {
      this.slots[this.slotOf(row)] = this.rows.length;
      return;
    }
    this.slots = new Int32Array(2 * this.slots.length);
    this.rows.forEach((one, k) => { this.slots[this.slotOf(one)] = k + 1; });
  }

  /** Where a row is, or would be. */
  private slotOf(row: Float64Array): number {
    const mask = this.slots.length - 1;
    for (let slot = hash(row) & mask; ; slot = (slot + 1) & mask) {
      const found = this.slots[slot]!;
      if (found === 0 || isSame(this.rows[found - 1]!, row)) return slot;
    }
  }
}

const number = new Float64Array(1);
const words = new Int32Array(number.buffer);

/** By the bits of the numbers, mixed as in MurmurHash3 (A. Appleby). */
function hash(row: Float64Array): number {
  let h = 0;
  for (const value of row) {
    // −0 + 0 is 0.
    number[0] = Number.isNaN(value) ? 0 : value + 0;
    for (const word of words) {
      h = Math.imul(h ^ word, 0x85ebca6b);
      h ^= h >>> 15;
    }
  }
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k] && !(Number.isNaN(a[k]) && Number.isNaN(b[k]))) return false;
  return true;
}
