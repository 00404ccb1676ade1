namespace GpuDecodeBench.Workload.Models;

/// <summary>Which matrices a model's quantised checkpoints quantise; the others stay in sixteen bits.</summary>
public enum QuantizedParts
{
    /// <summary>Every projection inside the layers, routers excepted.</summary>
    Projections,

    /// <summary>The experts alone (gpt-oss: <c>modules_to_not_convert</c> names attention and router).</summary>
    Experts,
}
