namespace GpuDecodeBench.Ptx.Arithmetic;

/// <content>The instructions on two numbers in one register (PTX ISA, "Packed Floating Point Data Types").</content>
public static partial class Bf16Bits
{
    /// <summary><c>add.bf16x2</c>: <c>add</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: add").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    public static uint AddX2(uint a, uint b) =>
        Add((ushort)a, (ushort)b) | ((uint)Add((ushort)(a >> 16), (ushort)(b >> 16)) << 16);

    /// <summary><c>sub.bf16x2</c>: <c>sub</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: sub").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    public static uint SubX2(uint a, uint b) =>
        Sub((ushort)a, (ushort)b) | ((uint)Sub((ushort)(a >> 16), (ushort)(b >> 16)) << 16);

    /// <summary><c>mul.bf16x2</c>: <c>mul</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: mul").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    public static uint MulX2(uint a, uint b) =>
        Mul((ushort)a, (ushort)b) | ((uint)Mul((ushort)(a >> 16), (ushort)(b >> 16)) << 16);

    /// <summary><c>fma.bf16x2</c>: <c>fma</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: fma").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    /// <param name="c">The third pair.</param>
    /// <param name="relu">Whether negative results become zero.</param>
    public static uint FmaX2(uint a, uint b, uint c, bool relu) =>
        Fma((ushort)a, (ushort)b, (ushort)c, relu)
        | ((uint)Fma((ushort)(a >> 16), (ushort)(b >> 16), (ushort)(c >> 16), relu) << 16);

    /// <summary><c>min.bf16x2</c>: <c>min</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: min").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN (<c>.NaN</c>).</param>
    public static uint MinX2(uint a, uint b, bool propagateNan) =>
        Min((ushort)a, (ushort)b, propagateNan) | ((uint)Min((ushort)(a >> 16), (ushort)(b >> 16), propagateNan) << 16);

    /// <summary><c>max.bf16x2</c>: <c>max</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: max").</summary>
    /// <param name="a">The first pair.</param>
    /// <param name="b">The second pair.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN (<c>.NaN</c>).</param>
    public static uint MaxX2(uint a, uint b, bool propagateNan) =>
        Max((ushort)a, (ushort)b, propagateNan) | ((uint)Max((ushort)(a >> 16), (ushort)(b >> 16), propagateNan) << 16);

    /// <summary><c>neg.bf16x2</c>: <c>neg</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: neg").</summary>
    /// <param name="a">The pair.</param>
    public static uint NegX2(uint a) => Neg((ushort)a) | ((uint)Neg((ushort)(a >> 16)) << 16);

    /// <summary><c>abs.bf16x2</c>: <c>abs</c> on the upper and on the lower half (PTX ISA, "Half Precision Floating Point Instructions: abs").</summary>
    /// <param name="a">The pair.</param>
    public static uint AbsX2(uint a) => Abs((ushort)a) | ((uint)Abs((ushort)(a >> 16)) << 16);
}
