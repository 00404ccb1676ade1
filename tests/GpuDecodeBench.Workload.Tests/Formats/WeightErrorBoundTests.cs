using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Tests.Formats;

/// <summary>
/// Every format's rounding error stays within what its grid allows, for shapes with and without odd tails. The bounds come
/// from the definition of the format, with the scale rebuilt here from the values, not read from the encoder.
/// </summary>
public class WeightErrorBoundTests
{
    private const int Rows = 5;

    // Half an ulp of a quotient in double, generously: what the bounds leave to the arithmetic around them.
    private const double Slack = 1 + 1e-12;

    public static TheoryData<WeightFormat, int> Shapes
    {
        get
        {
            TheoryData<WeightFormat, int> shapes = [];
            foreach (WeightFormat format in FormatNames.AllWeightFormats)
            {
                foreach (int columns in new[] { 1, 15, 16, 17, 31, 33, 127, 128, 129, 130, 200, 257, 1024 })
                {
                    shapes.Add(format, columns);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void RoundingErrorsStayWithinTheGridOfTheFormat(WeightFormat format, int columns)
    {
        int seed = (1000 * (int)format) + columns;
        float[] values = GaussianData.Floats(seed, Rows * columns, 0.02);
        EncodedMatrix matrix = WeightEncoder.Encode(format, values, Rows, columns);

        WeightLayout layout = new(format, Rows, columns);
        Assert.Equal(layout, matrix.Layout);
        int tensorScaleBytes = format == WeightFormat.NvFp4 ? sizeof(float) : 0;
        Assert.Equal(
            layout.TotalBytes,
            matrix.Codes.Length + matrix.Scales.Length + matrix.ZeroPoints.Length + tensorScaleBytes
        );

        double tensorMax = values.Max(value => (double)Math.Abs(value));
        double[] decoded = new double[columns];
        for (int row = 0; row < Rows; row++)
        {
            matrix.DecodeRow(row, decoded);
            float[] rowValues = values[(row * columns)..((row + 1) * columns)];
            for (int column = 0; column < columns; column++)
            {
                double error = Math.Abs(decoded[column] - rowValues[column]);
                double bound = Slack * Bound(format, rowValues, column, tensorMax, matrix, row);
                Assert.True(
                    error <= bound,
                    $"{format} {Rows}x{columns} seed {seed}, row {row}, column {column}: {rowValues[column]:R} became "
                        + $"{decoded[column]:R}, error {error:E3}, bound {bound:E3}"
                );
            }
        }
    }

    private static double Bound(
        WeightFormat format,
        float[] row,
        int column,
        double tensorMax,
        EncodedMatrix matrix,
        int rowIndex
    )
    {
        double magnitude = Math.Abs(row[column]);
        switch (format)
        {
            case WeightFormat.Fp16:
                // 10 mantissa bits: half an ulp is at most 2^-11 of the value; subnormals are 2^-24 apart.
                return Math.Max(Math.ScaleB(magnitude, -11), Math.ScaleB(1, -25));
            case WeightFormat.Bf16:
                // 7 mantissa bits.
                return Math.ScaleB(magnitude, -8);
            case WeightFormat.Fp8:
                // 3 mantissa bits; subnormals are 2^-9 scales apart. Rounding the scale to FP32 shifts 448 by 2^-24 at most.
                return Math.Max(Math.ScaleB(magnitude, -4), Math.ScaleB(Max(row) / 448, -10) * (1 + 1e-7));
            case WeightFormat.Int8:
                // Codes are one scale apart, rounded to the nearest; the scale was rounded to FP32.
                return Max(row) / 127 / 2 * (1 + 1e-7);
            case WeightFormat.Int4:
                return Int4Bound(Unit(row, column, 128));
            case WeightFormat.MxFp4:
                double max = Max(Unit(row, column, 32));
                double scale = Math.Pow(2, Math.Floor(Math.Log2(max)) - 2);
                return scale * Fp4Bound(magnitude / scale);
            default:
                return NvFp4Bound(Unit(row, column, 16), magnitude, tensorMax, matrix, rowIndex, column / 16);
        }
    }

    private static double Int4Bound(float[] group)
    {
        // Codes are one scale apart and the range fits 15 of them, so no error is above half a scale, not even where rounding
        // of the zero point moves an end out of range. Rounding the scale up to FP16 adds 2^-10 of it, or a step of 2^-24.
        double range = Math.Max(0, group.Max()) - Math.Min(0, group.Min());
        return ((range / 15 * (1 + Math.ScaleB(1, -10))) + Math.ScaleB(1, -24)) / 2;
    }

    private static double NvFp4Bound(
        float[] block,
        double magnitude,
        double tensorMax,
        EncodedMatrix matrix,
        int row,
        int blockIndex
    )
    {
        // The block scale is the ideal one rounded to E4M3: 2^-4 of it off at most, or half a subnormal step of 2^-9. It is
        // therefore read from the matrix, after a check that it is that near.
        double tensorScale = tensorMax / 2688;
        double ideal = Max(block) / 6 / tensorScale;
        double stored = Fp8E4M3.Decode(matrix.Scales[(int)((row * matrix.Layout.ScalesPerRow) + blockIndex)]);
        double allowed = Math.Max(Math.ScaleB(ideal, -4), Math.ScaleB(1, -9)) * (1 + 1e-6);
        Assert.True(Math.Abs(stored - ideal) <= allowed, $"block scale {stored}, ideal {ideal}");
        double scale = stored * tensorScale;
        return scale * Fp4Bound(magnitude / scale) * (1 + 1e-6);
    }

    /// <summary>Half the distance of the E2M1 magnitudes 0, 0.5, 1, 1.5, 2, 3, 4, 6 around one; above 6 the way back to 6.</summary>
    private static double Fp4Bound(double magnitude) =>
        magnitude <= 2 ? 0.25
        : magnitude <= 4 ? 0.5
        : magnitude <= 6 ? 1
        : Math.Max(1, magnitude - 6);

    private static float[] Unit(float[] row, int column, int size)
    {
        int start = column / size * size;
        return row[start..Math.Min(start + size, row.Length)];
    }

    private static double Max(float[] values) => values.Max(value => (double)Math.Abs(value));

    [Fact]
    public void SignalToNoiseOfGaussianWeightsIsWhatEachGridPredicts()
    {
        // Decibels on 64 x 4096 weights. FP16, BF16 and FP8 differ by mantissa bits alone, 6.02 dB each: 10, 7 and 3 of them. The
        // int8 step is row maximum / 127, the maximum of 4096 deviates being near 3.6 sigma: 12 x (127 / 3.6)^2 is 41.7 dB. The
        // four-bit brackets are this encoder's own figures. A rounding that truncates costs 6 dB, a scale that wastes a binade too.
        const int Seed = 4242;
        float[] values = GaussianData.Floats(Seed, 64 * 4096, 0.02);
        (WeightFormat Format, double Low, double High)[] brackets =
        [
            (WeightFormat.Fp16, 73.4, 73.9),
            (WeightFormat.Bf16, 55.3, 55.9),
            (WeightFormat.Fp8, 31.3, 31.8),
            (WeightFormat.Int8, 41.0, 41.8),
            (WeightFormat.Int4, 19.7, 20.2),
            (WeightFormat.MxFp4, 18.6, 19.1),
            (WeightFormat.NvFp4, 20.2, 20.7),
        ];
        foreach ((WeightFormat format, double low, double high) in brackets)
        {
            double decibels = SignalToNoise(WeightEncoder.Encode(format, values, 64, 4096), values);
            Assert.True(
                decibels >= low && decibels <= high,
                $"{format}, seed {Seed}: {decibels:F2} dB is outside {low} ... {high}"
            );
        }
    }

    private static double SignalToNoise(EncodedMatrix matrix, float[] values)
    {
        double signal = 0;
        double noise = 0;
        int columns = (int)matrix.Layout.Columns;
        double[] decoded = new double[columns];
        for (int row = 0; row < matrix.Layout.Rows; row++)
        {
            matrix.DecodeRow(row, decoded);
            for (int column = 0; column < columns; column++)
            {
                double value = values[(row * columns) + column];
                signal += value * value;
                noise += (decoded[column] - value) * (decoded[column] - value);
            }
        }

        return 10 * Math.Log10(signal / noise);
    }
}
