namespace GpuDecodeBench.Backends.Cpu.Vectors;

/// <summary>
/// A SIMD path: all that kernels do with one register of 32-bit lanes, which an operation takes as floats or as integers. A
/// kernel is written once, generic over this; each path implements it with its own register.
/// </summary>
/// <remarks>
/// Data in memory comes in lines of sixteen lanes (<see cref="PanelMatrix"/>). A register holds all of them, a half or a quarter:
/// kernels go over a line in 16 / <see cref="Lanes"/> parts, the outermost way that keeps what is read again in the first-level
/// cache. Lane j of a loaded register is element j, on every path. Every member of an implementation is inlined to an
/// instruction or a few: a kernel that only calls these makes no call while sums are live, so that they stay in registers.
/// No operation has a mask; what a kernel does about rests stands in its own file.
/// </remarks>
/// <typeparam name="TVector">The register: the runtime's own vector type, so that nothing stands between it and the compiler.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>32-bit lanes of a register: 16, 8 or 4.</summary>
    static abstract int Lanes { get; }

    /// <summary>Registers that the processor has. Kernels choose the size of their tiles by it.</summary>
    static abstract int Registers { get; }

    /// <summary>All bits zero.</summary>
    static abstract TVector Zero { get; }

    /// <summary>The integers 0, 1, 2 …</summary>
    static abstract TVector Indices { get; }

    /// <summary>One float in all lanes.</summary>
    static abstract TVector Floats(float value);

    /// <summary>One integer in all lanes.</summary>
    static abstract TVector Integers(int value);

    /// <summary>Neighbouring floats.</summary>
    static abstract TVector Load(float* address);

    /// <summary>Neighbouring lanes of a line.</summary>
    static abstract TVector LoadLine(byte* address);

    /// <summary>Neighbouring unsigned 16-bit integers, each in a lane; nothing beyond them is read.</summary>
    static abstract TVector LoadWords(ushort* address);

    /// <summary>Stores the lanes side by side.</summary>
    static abstract void Store(TVector values, float* address);

    /// <summary>Asks for the cache line at an address to be brought near, without waiting; nothing where the path cannot.</summary>
    static abstract void Prefetch(byte* address);

    /// <summary><c>a + b</c>.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary><c>a − b</c>.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary><c>a × b</c>.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary><c>a / b</c>.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary><c>a × b + c</c>, rounded once where the processor has such an instruction.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The larger of two floats, neither of them NaN.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary><c>e^x</c>. The one member that may be a call.</summary>
    static abstract TVector Exp(TVector x);

    /// <summary><paramref name="x"/> in the lanes in which the float <paramref name="a"/> is greater than <paramref name="b"/>, else <paramref name="y"/>.</summary>
    static abstract TVector SelectGreater(TVector a, TVector b, TVector x, TVector y);

    /// <summary>The sum of all lanes' floats.</summary>
    static abstract float Sum(TVector values);

    /// <summary>Lane j gets the lane of <paramref name="values"/> whose number lane j of <paramref name="indices"/> holds.</summary>
    static abstract TVector Permute(TVector values, TVector indices);

    /// <summary>The largest lane; which one where a lane is not a number is left open.</summary>
    static abstract float Largest(TVector values);

    /// <summary>Lane by lane sums of integers.</summary>
    static abstract TVector AddIntegers(TVector a, TVector b);

    /// <summary>The sum of all lanes' integers, modulo 2^32.</summary>
    static abstract int SumOfIntegers(TVector values);

    /// <summary>The bits that both have.</summary>
    static abstract TVector And(TVector a, TVector b);

    /// <summary>Bits moved up, zeros coming in.</summary>
    static abstract TVector ShiftLeft(TVector values, int bits);

    /// <summary>Bits moved down, zeros coming in.</summary>
    static abstract TVector ShiftRight(TVector values, int bits);

    /// <summary>Bits moved down, copies of the sign coming in.</summary>
    static abstract TVector ShiftRightSigned(TVector values, int bits);

    /// <summary>Integers as floats.</summary>
    static abstract TVector ConvertToSingle(TVector integers);
}
