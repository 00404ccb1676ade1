namespace GpuDecodeBench.Backends;

/// <summary>
/// Where the keys and values of the tokens before a step's own come from, as codes in the cache's format. Heads are addressed
/// as <see cref="IStepTrace.OnKvAppended"/> shows them. Sessions ask from several threads at once.
/// </summary>
/// <remarks>
/// The FP32 scales that an fp8 cache has once a layer are not the source's to choose: they follow from the model's seed
/// (<see cref="Workload.Synthetic.SyntheticKv.LayerScale"/>), and codes that were recorded under them stay right.
/// </remarks>
public interface IKvSource
{
    /// <summary>Gives the codes of one head of one earlier token.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="sequence">The sequence in the batch.</param>
    /// <param name="token">The token's position, below the step's own.</param>
    /// <param name="head">The KV head.</param>
    /// <param name="isValue">Whether the value is meant, not the key.</param>
    /// <param name="codes">Receives the codes in canonical order, as docs/formats.md gives them.</param>
    /// <returns>The bits of the head's FP16 scale for int8, else 0.</returns>
    ushort FillHead(int layer, int sequence, int token, int head, bool isValue, Span<byte> codes);
}
