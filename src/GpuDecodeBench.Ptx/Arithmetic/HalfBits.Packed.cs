namespace GpuDecodeBench.Ptx.Arithmetic;

/// <content>The instructions on two numbers in one register (PTX ISA, "Packed Floating Point Data Types").</content>
public static partial class HalfBits
{
    /// <summary><c>add.f16x2</c>: <c>add</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: add").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the results are limited to 0 to 1.</param>
    public static uint AddX2(uint a, uint b, bool flush, bool saturate) =>
        Add((ushort)a, (ushort)b, flush, saturate)
        | ((uint)Add((ushort)(a >> 16), (ushort)(b >> 16), flush, saturate) << 16);

    /// <summary><c>sub.f16x2</c>: <c>sub</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: sub").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the results are limited to 0 to 1.</param>
    public static uint SubX2(uint a, uint b, bool flush, bool saturate) =>
        Sub((ushort)a, (ushort)b, flush, saturate)
        | ((uint)Sub((ushort)(a >> 16), (ushort)(b >> 16), flush, saturate) << 16);

    /// <summary><c>mul.f16x2</c>: <c>mul</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: mul").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the results are limited to 0 to 1.</param>
    public static uint MulX2(uint a, uint b, bool flush, bool saturate) =>
        Mul((ushort)a, (ushort)b, flush, saturate)
        | ((uint)Mul((ushort)(a >> 16), (ushort)(b >> 16), flush, saturate) << 16);

    /// <summary><c>fma.f16x2</c>: <c>fma</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: fma").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    /// <param name="c">The third pair.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the results are limited to 0 to 1.</param>
    /// <param name="relu">Whether negative results become zero.</param>
    public static uint FmaX2(uint a, uint b, uint c, bool flush, bool saturate, bool relu) =>
        Fma((ushort)a, (ushort)b, (ushort)c, flush, saturate, relu)
        | ((uint)Fma((ushort)(a >> 16), (ushort)(b >> 16), (ushort)(c >> 16), flush, saturate, relu) << 16);

    /// <summary><c>min.f16x2</c>: <c>min</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: min").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    /// <param name="flush">Whether subnormal inputs become zeros.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN (<c>.NaN</c>).</param>
    public static uint MinX2(uint a, uint b, bool flush, bool propagateNan) =>
        Min((ushort)a, (ushort)b, flush, propagateNan)
        | ((uint)Min((ushort)(a >> 16), (ushort)(b >> 16), flush, propagateNan) << 16);

    /// <summary><c>max.f16x2</c>: <c>max</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: max").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    /// <param name="flush">Whether subnormal inputs become zeros.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN (<c>.NaN</c>).</param>
    public static uint MaxX2(uint a, uint b, bool flush, bool propagateNan) =>
        Max((ushort)a, (ushort)b, flush, propagateNan)
        | ((uint)Max((ushort)(a >> 16), (ushort)(b >> 16), flush, propagateNan) << 16);

    /// <summary><c>neg.f16x2</c>: <c>neg</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: neg").</summary>
    /// <param name="a">The pair.</param>
    /// <param name="flush">Whether subnormal numbers become zeros.</param>
    public static uint NegX2(uint a, bool flush) => Neg((ushort)a, flush) | ((uint)Neg((ushort)(a >> 16), flush) << 16);

    /// <summary><c>abs.f16x2</c>: <c>abs</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: abs").</summary>
    /// <param name="a">The pair.</param>
    /// <param name="flush">Whether subnormal numbers become zeros.</param>
    public static uint AbsX2(uint a, bool flush) => Abs((ushort)a, flush) | ((uint)Abs((ushort)(a >> 16), flush) << 16);
}
