namespace GpuDecodeBench.Workload.Plans;

/// <summary>Where in a sequence's row rotary position embedding turns elements.</summary>
/// <param name="Heads">Heads, one after the other.</param>
/// <param name="HeadStride">Elements from one head to the next.</param>
/// <param name="Offset">The first rotated element of the first head.</param>
/// <param name="Dimensions">Elements of a head that are rotated.</param>
public readonly record struct RotarySpan(int Heads, int HeadStride, int Offset, int Dimensions);
