namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Place of a value in a warp's register file: all lanes one after the other.</summary>
/// <param name="OffsetBytes">Offset in the register file.</param>
/// <param name="WidthBytes">Bytes of one lane; 0 for a predicate, which is one 32-bit mask.</param>
internal readonly record struct Slot(int OffsetBytes, int WidthBytes);
