using System.Buffers.Binary;
using System.Runtime.InteropServices;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Synthetic;

/// <summary>
/// The synthetic weights of one tensor's matrix, row by row, directly in their format: seeded, Gaussian, different for every tensor and
/// layer, and the same on every backend. Any row can be made at any time, so a check needs no copy of the weights and trusts no
/// backend's memory.
/// </summary>
/// <remarks>
/// Matrices have a standard deviation of 1 / √columns, so that a normed input gives an output of about one. Scales and zero
/// points vary at random, so that a kernel that takes the wrong one is found out. Norm weights lie around one, biases around
/// zero.
/// </remarks>
public sealed class SyntheticMatrix
{
    private readonly ulong _seed;
    private readonly ushort[] _table16 = [];
    private readonly byte[] _table8 = [];
    private readonly double _standardDeviation;

    /// <summary>The weights of a tensor of a model made from a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="tensor">The tensor.</param>
    /// <param name="index">Which of its matrices, from 0.</param>
    public SyntheticMatrix(ulong seed, WeightTensor tensor, int index = 0)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, tensor.Count);
        Tensor = tensor;
        TensorSeed = SyntheticRandom.Derive(
            SyntheticRandom.Derive(seed, (ulong)tensor.Role + 1),
            (ulong)((tensor.Layer ?? -1) + 2)
        );
        _seed = SeedOf(index);
        WeightLayout layout = tensor.Layout;
        _standardDeviation = tensor.Role switch
        {
            // A sink of about 3 weighs as much as some twenty tokens: enough to be missed where it is left out.
            TensorRole.Sinks => 0.5,
            _ => tensor.IsVector ? 0.1 : 1 / Math.Sqrt(layout.Columns),
        };
        if (layout.Format is WeightFormat.Fp16 or WeightFormat.Bf16)
        {
            _table16 = SyntheticTables.Of16(layout.Format, _standardDeviation, Offset);
        }
        else
        {
            _table8 = SyntheticTables.Of8(layout.Format);
        }

        ScaleFactor = layout.Format switch
        {
            WeightFormat.Fp8 => _standardDeviation / SyntheticCodes.Fp8StandardDeviation,
            WeightFormat.Int8 => _standardDeviation / SyntheticCodes.Int8StandardDeviation,
            WeightFormat.Int4 => _standardDeviation / SyntheticCodes.Int4StandardDeviation,
            WeightFormat.MxFp4 => Math.Round(Math.Log2(_standardDeviation / SyntheticCodes.Fp4StandardDeviation)),
            _ => 0,
        };
    }

    private SyntheticMatrix(SyntheticMatrix other, int index)
    {
        Tensor = other.Tensor;
        TensorSeed = other.TensorSeed;
        ScaleFactor = other.ScaleFactor;
        _seed = SeedOf(index);
        _table16 = other._table16;
        _table8 = other._table8;
        _standardDeviation = other._standardDeviation;
    }

    /// <summary>The tensor.</summary>
    public WeightTensor Tensor { get; }

    /// <summary>NVFP4's scale of the whole tensor; 1 for other formats.</summary>
    public float TensorScale =>
        Tensor.Layout.Format == WeightFormat.NvFp4
            ? (float)(_standardDeviation / SyntheticCodes.Fp4StandardDeviation / 256)
            : 1f;

    /// <summary>The seed of the tensor's first matrix, from which those of the others are derived.</summary>
    internal ulong TensorSeed { get; }

    /// <summary>The table of codes: 4096 of 16 or 8 bits, or 256 of four in a byte each.</summary>
    internal ReadOnlySpan<byte> Table =>
        _table16.Length > 0 ? MemoryMarshal.AsBytes(_table16.AsSpan()) : _table8.AsSpan();

    /// <summary>
    /// What a scale's jitter multiplies; for MXFP4 the whole exponent that the jitter adds to; 0 where scales do not hang on it.
    /// </summary>
    internal double ScaleFactor { get; }

    private double Offset =>
        Tensor.Role switch
        {
            TensorRole.AttentionNorm
            or TensorRole.FeedForwardNorm
            or TensorRole.FinalNorm
            or TensorRole.QueryNorm
            or TensorRole.KeyNorm
            or TensorRole.AttentionPostNorm
            or TensorRole.FeedForwardPostNorm
            or TensorRole.QueryLatentNorm
            or TensorRole.LatentNorm => 1,
            TensorRole.Sinks => 3,
            _ => 0,
        };

    /// <summary>Makes one row in the canonical layout of docs/formats.md.</summary>
    /// <param name="row">The row.</param>
    /// <param name="codes">Receives <see cref="WeightLayout.CodeBytesPerRow"/> bytes.</param>
    /// <param name="scales">Receives <see cref="WeightLayout.ScaleBytesPerRow"/> bytes.</param>
    /// <param name="zeroPoints">Receives <see cref="WeightLayout.ZeroPointBytesPerRow"/> bytes.</param>
    public void FillRow(long row, Span<byte> codes, Span<byte> scales, Span<byte> zeroPoints)
    {
        WeightLayout layout = Tensor.Layout;
        codes = codes[..(int)layout.CodeBytesPerRow];
        ulong rowSeed = SyntheticRandom.Derive(_seed, (ulong)row);
        switch (layout.BitsPerCode)
        {
            case 16:
                SyntheticCodes.Fill16(rowSeed, _table16, codes);
                break;
            case 8:
                SyntheticCodes.Fill8(rowSeed, _table8, codes);
                break;
            default:
                SyntheticCodes.Fill4(rowSeed, _table8, (int)layout.Columns, codes);
                break;
        }

        FillScales(SyntheticRandom.Derive(rowSeed, 1), scales[..(int)layout.ScaleBytesPerRow]);
        FillZeroPoints(SyntheticRandom.Derive(rowSeed, 2), zeroPoints[..(int)layout.ZeroPointBytesPerRow]);
    }

    /// <summary>Makes one row and decodes it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="values">Receives <see cref="WeightLayout.Columns"/> values.</param>
    public void DecodeRow(long row, Span<double> values)
    {
        WeightLayout layout = Tensor.Layout;
        var codes = new byte[layout.CodeBytesPerRow];
        var scales = new byte[layout.ScaleBytesPerRow];
        var zeroPoints = new byte[layout.ZeroPointBytesPerRow];
        FillRow(row, codes, scales, zeroPoints);
        RowDecoder.Decode(layout.Format, (int)layout.Columns, codes, scales, zeroPoints, TensorScale, values);
    }

    /// <summary>Another matrix of the same tensor, with the same tables.</summary>
    internal SyntheticMatrix Other(int index) => new(this, index);

    private ulong SeedOf(int index) =>
        index == 0 ? TensorSeed : SyntheticRandom.Derive(TensorSeed, 0x4D6174UL + (ulong)index);

    private void FillScales(ulong seed, Span<byte> scales)
    {
        WeightLayout layout = Tensor.Layout;
        for (int i = 0; i < layout.ScalesPerRow; i++)
        {
            // From 0.75 to 1.25: enough to tell one scale from another.
            double jitter = 0.75 + (0.5 * SyntheticRandom.Unit(seed + ((ulong)i * SyntheticRandom.Increment)));
            switch (layout.Format)
            {
                case WeightFormat.Fp8 or WeightFormat.Int8:
                    BinaryPrimitives.WriteSingleLittleEndian(scales[(4 * i)..], (float)(ScaleFactor * jitter));
                    break;
                case WeightFormat.Int4:
                    BinaryPrimitives.WriteUInt16LittleEndian(scales[(2 * i)..], Fp16.Encode(ScaleFactor * jitter));
                    break;
                case WeightFormat.MxFp4:
                    // One power of two up or down, or none: a third of the blocks each.
                    scales[i] = E8M0.Encode(Math.Pow(2, ScaleFactor + Math.Floor(6 * (jitter - 0.75)) - 1));
                    break;
                default:
                    scales[i] = Fp8E4M3.Encode(256 * jitter);
                    break;
            }
        }
    }

    private void FillZeroPoints(ulong seed, Span<byte> zeroPoints)
    {
        for (int i = 0; i < zeroPoints.Length; i++)
        {
            ulong bits = SyntheticRandom.Mix(seed + ((ulong)i * SyntheticRandom.Increment));
            int low = 6 + (int)(bits & 3);
            int high = (2 * i) + 1 < Tensor.Layout.ScalesPerRow ? 6 + (int)((bits >> 2) & 3) : 0;
            zeroPoints[i] = (byte)(low | (high << 4));
        }
    }
}
