namespace GpuDecodeBench.Economics;

/// <summary>One operation of a predicted step, all its executions together.</summary>
/// <param name="Name">The operation's name.</param>
/// <param name="Kind">What it computes.</param>
/// <param name="Count">Executions in one step.</param>
/// <param name="Seconds">The shortest time that the datasheet allows, the link between devices included, in seconds; null where the link is not known.</param>
/// <param name="Bound"><c>memory</c>, <c>compute</c>, <c>cache</c> where it reads nothing that must come from memory, or <c>link</c> where devices exchange what they have.</param>
/// <param name="ShareOfStep">Its time over the step's, a fraction; null where its time is not known.</param>
/// <param name="CompulsoryReadBytes">Bytes of weights and KV read.</param>
/// <param name="Flops">Floating-point operations.</param>
public sealed record PredictedOperation(
    string Name,
    string Kind,
    int Count,
    double? Seconds,
    string Bound,
    double? ShareOfStep,
    long CompulsoryReadBytes,
    long Flops
);
