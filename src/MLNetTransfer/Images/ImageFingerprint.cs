namespace MLNetTransfer.Images;

/// <summary>What tells whether two files hold the same picture: their bytes, or nearly their pixels.</summary>
/// <param name="ContentHash">SHA-256 of the file's bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="PerceptualHash">
/// Difference hash of the upright, resized picture in grey: of 9 x 8 cells, is each one darker than its right neighbour (bit 0 is top
/// left, row after row). Recompressed or resized copies differ in few bits. It depends on the preprocessing: compare only
/// fingerprints that were taken with the same one.
/// </param>
/// <param name="ColumnHash">
/// The same across 8 x 9 cells: is each one darker than the cell below. Pictures that agree in both hashes by chance, such as two smooth
/// gradients, are far rarer than pictures that agree in one.
/// </param>
public readonly record struct ImageFingerprint(string ContentHash, ulong PerceptualHash, ulong ColumnHash);
