/** The model in the wheels that fixtures/make-wheel-golden.py writes. */
export const tinyPackageModel = Buffer.from(Array.from({ length: 6000 }, (_, index) => (index * index) % 251));
