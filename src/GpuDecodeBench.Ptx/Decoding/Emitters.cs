using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Shapes most instructions share: destination first, then sources of one width.</summary>
internal static class Emitters
{
    public static unsafe void Unary<TA, TD>(this InstructionReader r, InstructionClass c, Func<TA, TD> f)
        where TA : unmanaged
        where TD : unmanaged =>
        r.Emit(c, new LaneOperations.Unary<TA, TD>(r.Source(1, sizeof(TA)), r.Destination(0, sizeof(TD)), f));

    public static unsafe void Binary<TA, TB, TD>(this InstructionReader r, InstructionClass c, Func<TA, TB, TD> f)
        where TA : unmanaged
        where TB : unmanaged
        where TD : unmanaged =>
        r.Emit(
            c,
            new LaneOperations.Binary<TA, TB, TD>(
                r.Source(1, sizeof(TA)),
                r.Source(2, sizeof(TB)),
                r.Destination(0, sizeof(TD)),
                f
            )
        );

    public static void Binary<T>(this InstructionReader r, InstructionClass c, Func<T, T, T> f)
        where T : unmanaged => r.Binary<T, T, T>(c, f);

    public static unsafe void Ternary<TA, TB, TC, TD>(
        this InstructionReader r,
        InstructionClass c,
        Func<TA, TB, TC, TD> f
    )
        where TA : unmanaged
        where TB : unmanaged
        where TC : unmanaged
        where TD : unmanaged =>
        r.Emit(
            c,
            new LaneOperations.Ternary<TA, TB, TC, TD>(
                r.Source(1, sizeof(TA)),
                r.Source(2, sizeof(TB)),
                r.Source(3, sizeof(TC)),
                r.Destination(0, sizeof(TD)),
                f
            )
        );

    public static void Ternary<T>(this InstructionReader r, InstructionClass c, Func<T, T, T, T> f)
        where T : unmanaged => r.Ternary<T, T, T, T>(c, f);
}
