using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Safetensors;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Greedy;

/// <summary>
/// Writes a greedy run as a safetensors file, step by step: <c>tokens</c>, <c>positions</c> and <c>next_tokens</c> (I64,
/// [steps, batch]), <c>logits</c> (F32, [steps, batch, vocabulary]), for each layer <c>keys.0</c> and <c>values.0</c> (F32,
/// [steps, batch, kvHeads, headDimension]: what the stored codes are worth), and for an fp8 cache <c>kv_layer_scales</c> (F32,
/// [layers, 2], of keys and of values). A layer with latent attention has <c>latents.0</c> instead (F32, [steps, batch,
/// cachedDimension]: the normed latent, then the rotated key), whose layer scale is that of keys.
/// </summary>
/// <remarks>
/// Stored keys and values are among it because a number that lies between two codes may rightly be rounded to either: whoever
/// repeats the run can check the choice, and take it.
/// </remarks>
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
    private readonly DecodeStepPlan _plan;
    private readonly (KvLayout Layout, float KeyScale, float ValueScale)[] _layers;

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
        _plan = plan;
        _layers =
        [
            .. Enumerable
                .Range(0, plan.Layers)
                .Select(layer => new SyntheticKv(seed, layer, plan.KvLayoutOf(layer)))
                .Select(kv => (kv.Layout, kv.LayerScale(isValue: false), kv.LayerScale(isValue: true))),
        ];
        _writer = new SafetensorsWriter(Path.Combine(directory, FileName), Tensors(steps), metadata);
        if (HasLayerScales)
        {
            foreach ((_, float keyScale, float valueScale) in _layers)
            {
                AppendFloats(LayerScales, [keyScale, valueScale]);
            }
        }
    }

    private bool HasLayerScales => _plan.Conditions.Formats.Kv == KvFormat.Fp8;

    private List<SafetensorsTensor> Tensors(int steps)
    {
        int batch = _plan.Conditions.Batch;
        List<SafetensorsTensor> tensors =
        [
            new(Tokens, SafetensorsType.I64, [steps, batch]),
            new(Positions, SafetensorsType.I64, [steps, batch]),
            new(NextTokens, SafetensorsType.I64, [steps, batch]),
            new(Logits, SafetensorsType.F32, [steps, batch, _plan.Model.VocabularySize]),
        ];
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            KvLayout layout = _layers[layer].Layout;
            ImmutableArray<long> shape = layout.IsLatent
                ? [steps, batch, layout.HeadDimension]
                : [steps, batch, layout.KvHeads, layout.HeadDimension];
            tensors.AddRange(
                Stored(layout)
                    .Select(isValue => new SafetensorsTensor(KvName(layer, isValue), SafetensorsType.F32, shape))
            );
        }

        if (HasLayerScales)
        {
            tensors.Add(new(LayerScales, SafetensorsType.F32, [_layers.Length, 2]));
        }

        return tensors;
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
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            foreach (bool isValue in Stored(_layers[layer].Layout))
            {
                AppendStored(step, layer, isValue);
            }
        }
    }

    /// <summary>Gives the file its name. All steps must have been added.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete() => _writer.Complete();

    /// <summary>Closes the file; one that was not completed is deleted.</summary>
    public void Dispose() => _writer.Dispose();

    /// <summary>What a layer's cache holds of a token: keys and values, or one vector.</summary>
    private static bool[] Stored(KvLayout layout) => layout.IsLatent ? [false] : [false, true];

    private string KvName(int layer, bool isValue)
    {
        string name =
            _layers[layer].Layout.IsLatent ? "latents"
            : isValue ? "values"
            : "keys";
        return $"{name}.{layer}";
    }

    private void AppendStored(GreedyStep step, int layer, bool isValue)
    {
        (KvLayout layout, float keyScale, float valueScale) = _layers[layer];
        var codes = new byte[layout.HeadDimension * layout.BytesPerElement];
        var values = new double[layout.HeadDimension];
        for (int sequence = 0; sequence < step.Tokens.Length; sequence++)
        {
            for (int head = 0; head < layout.KvHeads; head++)
            {
                ushort scaleBits = step.Cache.FillHead(layer, sequence, step.Position, head, isValue, codes);
                KvCodec.Decode(layout.Format, codes, isValue ? valueScale : keyScale, scaleBits, values);
                AppendFloats(KvName(layer, isValue), [.. values.Select(value => (float)value)]);
            }
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
