/** Memory of a module of kernels that belongs to no array: what a kernel copies for a moment. Offset 0 stays free: nothing points there by accident. */
export const scratch = { start: 64, bytes: 131072 } as const;
