using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>
/// Which element of a matrix each lane of a warp holds, and where (PTX ISA, "Warp Level Matrix Instructions": "Matrix Fragments
/// for mma.m16n8k8", "… m16n8k16", "… m16n8k32", "ldmatrix", "stmatrix", "movmatrix"). All these layouts are one: four lanes form
/// a group that shares a row of A, a column of B or a row of C; a register holds neighbours along the shared dimension, and the
/// next register the block of eight rows, or of four registers' width, beside it.
/// </summary>
public static class MatrixFragments
{
    /// <summary>The lanes of a warp.</summary>
    public const int Lanes = 32;

    /// <summary>The row of an element of A (16 rows).</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="register">The register of the fragment: 0 to 3, or 0 to 1 where A has only half the columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowOfA(int lane, int register) => (lane >> 2) + (8 * (register & 1));

    /// <summary>The column of an element of A.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="register">The register of the fragment.</param>
    /// <param name="element">The element in the register, the lowest first.</param>
    /// <param name="perRegister">How many elements a register holds: 1, 2 or 4.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ColumnOfA(int lane, int register, int element, int perRegister) =>
        ((lane & 3) * perRegister) + element + ((register >> 1) * 4 * perRegister);

    /// <summary>The row of an element of B.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="register">The register of the fragment.</param>
    /// <param name="element">The element in the register, the lowest first.</param>
    /// <param name="perRegister">How many elements a register holds: 1, 2 or 4.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowOfB(int lane, int register, int element, int perRegister) =>
        ((lane & 3) * perRegister) + element + (register * 4 * perRegister);

    /// <summary>The column of an element of B (8 columns).</summary>
    /// <param name="lane">The lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ColumnOfB(int lane) => lane >> 2;

    /// <summary>The row of an element of C and D with four registers of 32 bits (<c>.f32</c>, <c>.s32</c>).</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="register">The register, 0 to 3.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowOfC(int lane, int register) => (lane >> 2) + (8 * (register >> 1));

    /// <summary>The column of an element of C and D with four registers of 32 bits (<c>.f32</c>, <c>.s32</c>).</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="register">The register, 0 to 3.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ColumnOfC(int lane, int register) => ((lane & 3) * 2) + (register & 1);

    /// <summary>The row of an element of C and D with two registers of two <c>.f16</c> numbers.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="register">The register, 0 or 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowOfHalfC(int lane, int register) => (lane >> 2) + (8 * register);

    /// <summary>The column of an element of C and D with two registers of two <c>.f16</c> numbers.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="element">The element in the register, the lower half first.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ColumnOfHalfC(int lane, int element) => ((lane & 3) * 2) + element;

    /// <summary>
    /// The row, in memory, of the element that <c>ldmatrix.m8n8.b16</c> puts into half a register, or <c>stmatrix</c> takes from it
    /// (PTX ISA, "ldmatrix", "stmatrix"). With <c>.trans</c> rows and columns change places.
    /// </summary>
    /// <param name="lane">The lane.</param>
    /// <param name="half">The half of its register, the lower one first.</param>
    /// <param name="transposed">Whether the instruction has <c>.trans</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LoadRow(int lane, int half, bool transposed) => transposed ? ((lane & 3) * 2) + half : lane >> 2;

    /// <summary>The column, in memory, of that element; see <see cref="LoadRow"/>.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="half">The half of its register, the lower one first.</param>
    /// <param name="transposed">Whether the instruction has <c>.trans</c>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LoadColumn(int lane, int half, bool transposed) =>
        transposed ? lane >> 2 : ((lane & 3) * 2) + half;

    /// <summary>The lane whose address operand points to a row of a matrix of <c>ldmatrix</c> and <c>stmatrix</c> (PTX ISA, "ldmatrix").</summary>
    /// <param name="matrix">The matrix, 0 to 3: the register it goes to or comes from.</param>
    /// <param name="row">The row, 0 to 7.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int AddressLane(int matrix, int row) => (matrix * 8) + row;
}
