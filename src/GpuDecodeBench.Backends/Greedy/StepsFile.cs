using System.Buffers.Binary;
using System.Runtime.InteropServices;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Safetensors;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Greedy;

/// <summary>
/// Writes a greedy run as a safetensors file, step by step: <c>tokens</c>, <c>positions</c> and <c>next_tokens</c> (I64,
/// [steps, batch]), <c>logits</c> (F32, [steps, batch, vocabulary]), and for an fp8 cache <c>kv_layer_scales</c> (F32,
/// [layers, 2], of keys and of values).
/// </summary>
public sealed class StepsFile : IDisposable
{
    /// <summary>The file's name.</summary>
    public const string FileName = "steps.safetensors";

    private const string Tokens = "tokens";
    private const string Positions = "positions";
    private const string NextTokens = "next_tokens";
    private const string Logits = "logits";
    private const string LayerScales = "kv_layer_scales";

    private readonly SafetensorsWriter _writer;

    /// <summary>Begins the file of a run.</summary>
    /// <param name="directory">The folder, which must exist.</param>
    /// <param name="plan">The plan of the run's steps.</param>
    /// <param name="seed">The model's seed.</param>
    /// <param name="steps">How many steps will follow.</param>
    /// <param name="metadata">What the header says of the run.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public StepsFile(
        string directory,
        DecodeStepPlan plan,
        ulong seed,
        int steps,
        IReadOnlyDictionary<string, string> metadata
    )
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(plan);
        int batch = plan.Conditions.Batch;
        List<SafetensorsTensor> tensors =
        [
            new(Tokens, SafetensorsType.I64, [steps, batch]),
            new(Positions, SafetensorsType.I64, [steps, batch]),
            new(NextTokens, SafetensorsType.I64, [steps, batch]),
            new(Logits, SafetensorsType.F32, [steps, batch, plan.Model.VocabularySize]),
        ];
        bool hasLayerScales = plan.Conditions.Formats.Kv == KvFormat.Fp8;
        if (hasLayerScales)
        {
            tensors.Add(new(LayerScales, SafetensorsType.F32, [plan.Layers, 2]));
        }

        _writer = new SafetensorsWriter(Path.Combine(directory, FileName), tensors, metadata);
        if (hasLayerScales)
        {
            AppendLayerScales(plan, seed);
        }
    }

    /// <summary>Adds the run's next step.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Append(GreedyStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        AppendInts(Tokens, step.Tokens);
        AppendInts(Positions, Enumerable.Repeat(step.Position, step.Tokens.Length));
        AppendInts(NextTokens, step.NextTokens);
        AppendFloats(Logits, step.Logits);
    }

    /// <summary>Gives the file its name. All steps must have been added.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete() => _writer.Complete();

    /// <summary>Closes the file; one that was not completed is deleted.</summary>
    public void Dispose() => _writer.Dispose();

    private void AppendLayerScales(DecodeStepPlan plan, ulong seed)
    {
        for (int layer = 0; layer < plan.Layers; layer++)
        {
            var kv = new SyntheticKv(seed, layer, plan.KvLayoutOf(layer));
            AppendFloats(LayerScales, [kv.LayerScale(isValue: false), kv.LayerScale(isValue: true)]);
        }
    }

    private void AppendInts(string tensor, IEnumerable<int> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (int value in values)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
            _writer.Append(tensor, bytes);
        }
    }

    private void AppendFloats(string tensor, ReadOnlySpan<float> values) =>
        _writer.Append(tensor, MemoryMarshal.AsBytes(values));
}
