namespace GpuDecodeBench.Economics;

/// <summary>One operation of a predicted step, all its executions together.</summary>
/// <param name="Name">The operation's name.</param>
/// <param name="Kind">What it computes.</param>
/// <param name="Count">Executions in one step.</param>
/// <param name="Seconds">The shortest time that the datasheet allows, in seconds.</param>
/// <param name="Bound"><c>memory</c>, <c>compute</c>, or <c>cache</c> where it reads nothing that must come from memory.</param>
/// <param name="ShareOfStep">Its time over the step's, a fraction.</param>
/// <param name="CompulsoryReadBytes">Bytes of weights and KV read.</param>
/// <param name="Flops">Floating-point operations.</param>
public sealed record PredictedOperation(
    string Name,
    string Kind,
    int Count,
    double Seconds,
    string Bound,
    double ShareOfStep,
    long CompulsoryReadBytes,
    long Flops
);
