using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Reference;

/// <summary>
/// The keys and values of one KV head that a sequence attends to, the step's own last. They are made anew tile by tile, by many
/// threads, since a long context has millions of them; sums go through the tokens in their order, so that how many threads there are
/// changes no bit of a result.
/// </summary>
internal sealed class CachedSpan
{
    /// <summary>Tokens that one thread makes at a time.</summary>
    private const int TileTokens = 256;

    /// <summary>Tokens whose values are in memory at a time.</summary>
    private const int SlabTokens = 8192;

    private readonly IKvSource _source;
    private readonly KvLayout _layout;
    private readonly int _layer;
    private readonly int _sequence;
    private readonly int _kvHead;
    private readonly int _tokens;
    private readonly int _firstToken;
    private readonly float _keyScale;
    private readonly float _valueScale;
    private readonly (byte[] Codes, ushort ScaleBits) _newKey;
    private readonly (byte[] Codes, ushort ScaleBits) _newValue;

    public CachedSpan(
        DecodeStepPlan plan,
        ulong seed,
        IKvSource source,
        PlanOperation operation,
        StepState state,
        int sequence,
        int kvHead
    )
    {
        _layer = operation.Layer!.Value;
        _layout = plan.KvLayoutOf(_layer);
        _source = source;
        _sequence = sequence;
        _kvHead = kvHead;
        int context = plan.Conditions.ContextTokens[sequence];
        _tokens = plan.Model.Layers[_layer].Attention.SpanTokens(context);
        _firstToken = context - _tokens;
        var synthetic = new SyntheticKv(seed, _layer, _layout);
        _keyScale = synthetic.LayerScale(isValue: false);
        _valueScale = synthetic.LayerScale(isValue: true);
        _newKey = state.Appended(sequence, kvHead, isValue: false);
        _newValue = _layout.IsLatent ? _newKey : state.Appended(sequence, kvHead, isValue: true);
    }

    /// <summary>Attention of several query heads, each alone as <see cref="ReferenceMath.Attention"/> computes it.</summary>
    /// <param name="queries">The heads.</param>
    /// <param name="valueDimension">Elements of each result.</param>
    public double[][] Attend(AttentionQuery[] queries, int valueDimension)
    {
        double[][] weights = [.. queries.Select(_ => new double[_tokens])];
        ForTiles(
            0,
            _tokens,
            (first, count) =>
            {
                var key = new double[_layout.HeadDimension];
                var codes = new byte[_layout.HeadDimension * _layout.BytesPerElement];
                for (int token = first; token < first + count; token++)
                {
                    Decode(token, isValue: false, codes, key);
                    for (int q = 0; q < queries.Length; q++)
                    {
                        weights[q][token] = ReferenceMath.Score(queries[q].Values.Span, key, queries[q].Scoring);
                    }
                }
            }
        );
        Parallel.For(0, queries.Length, q => ReferenceMath.Softmax(weights[q], queries[q].Scoring.Sink));

        double[][] results = [.. queries.Select(_ => new double[valueDimension])];
        var values = new double[Math.Min(SlabTokens, _tokens) * _layout.HeadDimension];
        for (int slab = 0; slab < _tokens; slab += SlabTokens)
        {
            int begin = slab;
            int end = Math.Min(slab + SlabTokens, _tokens);
            ForTiles(begin, end, (first, count) => DecodeValues(first, count, values, first - begin));
            Parallel.For(
                0,
                queries.Length,
                q =>
                    ReferenceMath.AddWeighted(
                        weights[q].AsSpan(begin, end - begin),
                        values,
                        _layout.HeadDimension,
                        results[q]
                    )
            );
        }

        return results;
    }

    private static void ForTiles(int begin, int end, Action<int, int> work)
    {
        int tiles = (end - begin + TileTokens - 1) / TileTokens;
        Parallel.For(
            0,
            tiles,
            tile =>
            {
                int first = begin + (tile * TileTokens);
                work(first, Math.Min(TileTokens, end - first));
            }
        );
    }

    private void DecodeValues(int first, int count, double[] values, int place)
    {
        int dimension = _layout.HeadDimension;
        var codes = new byte[dimension * _layout.BytesPerElement];
        for (int i = 0; i < count; i++)
        {
            Decode(first + i, isValue: !_layout.IsLatent, codes, values.AsSpan((place + i) * dimension, dimension));
        }
    }

    /// <summary>One token's key or value; tokens are counted from the first of the span.</summary>
    private void Decode(int token, bool isValue, Span<byte> codes, Span<double> values)
    {
        float layerScale = isValue ? _valueScale : _keyScale;
        if (token == _tokens - 1)
        {
            (byte[] own, ushort ownScaleBits) = isValue ? _newValue : _newKey;
            KvCodec.Decode(_layout.Format, own, layerScale, ownScaleBits, values);
            return;
        }

        ushort scaleBits = _source.FillHead(_layer, _sequence, _firstToken + token, _kvHead, isValue, codes);
        KvCodec.Decode(_layout.Format, codes, layerScale, scaleBits, values);
    }
}
