using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Reporting.Tests;

public class RunSummaryTests
{
    [Fact]
    public void AMixedRunIsToldInOneParagraph() => GoldenFile.Check("summary-mixed.txt", Of(TestRuns.Mixed()) + "\n");

    [Fact]
    public void OnePointIsNotCalledTheFastest()
    {
        string text = Of(RecordBuilder.Gpu(RecordBuilder.Point()));
        Assert.DoesNotContain("fastest", text, StringComparison.Ordinal);
        Assert.DoesNotContain("for each sequence", text, StringComparison.Ordinal);
        Assert.Contains("250 tokens/s while busy, 4.00 ms a step.", text, StringComparison.Ordinal);
        Assert.Contains("88 % of the 4.00 TB/s", text, StringComparison.Ordinal);
        Assert.Contains("gate_up_proj (60 %) and attention (30 %)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void APointIsHeldAgainstTheCeilingOfItsOwnMinutes()
    {
        PointRecord point = RecordBuilder.Point() with
        {
            ReadCeilingBytesPerSecond = 5e12,
            MbuOfCeiling = RecordBuilder.Point().AchievedBytesPerSecond / 5e12,
        };
        RunRecord record = RecordBuilder.Gpu(point);
        Assert.Contains(
            "70 % of the 5.00 TB/s that reading alone reached in the same minutes",
            Of(record),
            StringComparison.Ordinal
        );
        Assert.Contains(
            RunTable.From(record, RecordCost.All(record)).Captions,
            line => line.Contains("4.00 TB/s at its start, 5.00 TB/s while", StringComparison.Ordinal)
        );
        Assert.Contains(
            RooflineTable.From(RooflineComparison.Of(record, point)).Captions,
            line => line.Contains("reading 5.00 TB/s", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void NoPointsAreReportedWithTheRecordsReason()
    {
        Assert.Contains("measured no configuration", Of(RecordBuilder.Gpu()), StringComparison.Ordinal);
        RunRecord noted = RecordBuilder.Gpu() with { Notes = ["It did not fit."] };
        Assert.Contains("The record says: It did not fit. Nothing", Of(noted), StringComparison.Ordinal);
    }

    [Fact]
    public void AllInvalidPointsLeadToNoSpeedAndNoCost()
    {
        PointRecord bad = RecordBuilder.Invalid(RecordBuilder.Point(), "throttled");
        string one = Of(RecordBuilder.Gpu(bad));
        Assert.StartsWith("The one configuration of llama-3.1-8b", one, StringComparison.Ordinal);
        string two = Of(RecordBuilder.Gpu(bad, bad));
        Assert.StartsWith("None of the 2 configurations", two, StringComparison.Ordinal);
        Assert.DoesNotContain("tokens/s", two, StringComparison.Ordinal);
        Assert.DoesNotContain('$', two);
    }

    [Fact]
    public void AnInvalidPointIsNeverTheFastest()
    {
        string text = Of(
            RecordBuilder.Gpu(
                RecordBuilder.Invalid(RecordBuilder.Point("int4", seconds: 0.0001), "throttled"),
                RecordBuilder.Point("bf16")
            )
        );
        Assert.DoesNotContain("int4", text, StringComparison.Ordinal);
        Assert.Contains(
            "1 of 2 is invalid and left out here (the device lowered its clocks)",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void OverlappingIntervalsShowNoDifference()
    {
        string text = Of(RecordBuilder.Gpu(RecordBuilder.Point(), RecordBuilder.Point("fp8", seconds: 0.00397)));
        // 3.95 to 3.99 ms and 3.98 to 4.02 ms share 3.98 to 3.99 ms.
        Assert.Contains(
            "no difference between fp8 and bf16 weights is shown (3.97 ms a step against 4.00 ms; the 95 % confidence intervals overlap).",
            text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("times as fast", text, StringComparison.Ordinal);
        string clear = Of(RecordBuilder.Gpu(RecordBuilder.Point(), RecordBuilder.Point("fp8", seconds: 0.002)));
        Assert.Contains(
            "2.00 times as fast as bf16 (2.00 ms a step against 4.00 ms).",
            clear,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void QuantisationThatBoughtNothingSaysSo()
    {
        // 3.99 ms is 0.25 % less than 4.00 ms, less than half a percent, and intervals of 1 µs do not overlap.
        string same = Of(
            RecordBuilder.Gpu(Narrow(RecordBuilder.Point()), Narrow(RecordBuilder.Point("int4", seconds: 0.00399)))
        );
        Assert.Contains("int4 weights bought nothing over bf16", same, StringComparison.Ordinal);
        string slower = Of(RecordBuilder.Gpu(RecordBuilder.Point(), RecordBuilder.Point("int4", seconds: 0.008)));
        Assert.Contains("made it slower than bf16, 0.500 times as fast", slower, StringComparison.Ordinal);
    }

    [Fact]
    public void SharesOfTheWholeStepCountItsLayersAndNotThoseMeasured()
    {
        // gate_up_proj: 90 ms in 4 layers are 720 ms in 32; lm_head: 100 ms once. The step: 100 + (200 − 100) × 8 = 900 ms; 80 % and 11 %.
        Assert.Contains(
            "gate_up_proj (80 %) and lm_head (11 %) take the largest shares of its time (extrapolated from 4 of 32 layers).",
            Of(RecordBuilder.Gpu(TestRuns.FourLayers())),
            StringComparison.Ordinal
        );
        // One layer: 100 + (200 − 100) × 32 = 3,300 ms; gate_up_proj 90 × 32 = 2,880 ms, 87 %; lm_head 100 ms, 3 %.
        Assert.Contains(
            "gate_up_proj (87 %) and lm_head (3 %) take the largest shares of its time (extrapolated from 1 of 32 layers).",
            Of(RecordBuilder.Gpu(TestRuns.FourLayers(measured: 1, fullSeconds: 3.3))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatIsOfTheMeasuredLayersSaysSo()
    {
        PointRecord point = TestRuns.FourLayers();
        Assert.Contains(
            "The 4 of 32 layers that were measured move",
            Of(RecordBuilder.Gpu(point)),
            StringComparison.Ordinal
        );
        Assert.Contains("That moves", Of(RecordBuilder.Gpu(RecordBuilder.Point())), StringComparison.Ordinal);
        string page = Html.ReportPage.Of(RecordBuilder.Gpu(point)).Section("r1-summary").Html;
        Assert.Contains("(of the 4 layers measured)</dd>", page, StringComparison.Ordinal);
        Assert.Contains(
            "allow (of the 4 layers measured).",
            page.Replace("allows", "allow", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void SharesOfUnlikeLayersAreThoseOfTheLayersMeasured()
    {
        // lm_head 100 of 200 ms, gate_up_proj 90 ms.
        const string Measured =
            "lm_head (50 %) and gate_up_proj (45 %) take the largest shares of its time (of the 4 layers measured).";
        PointRecord point = TestRuns.FourLayers();
        PointRecord[] unlike =
        [
            point with
            {
                RecordedWarnings = ["layersNotRepresentative"],
            },
            // Three of the four layers have the operation.
            point with
            {
                Operations = [point.Operations[0] with { Count = 3 }, point.Operations[1]],
            },
            // Like layers would make the whole step 900 ms.
            point with
            {
                FullStepSeconds = 1.1,
            },
        ];
        Assert.All(unlike, one => Assert.Contains(Measured, Of(RecordBuilder.Gpu(one)), StringComparison.Ordinal));
    }

    [Fact]
    public void PointsOfOtherConditionsAreNotCompared()
    {
        string text = Of(RecordBuilder.Gpu(RecordBuilder.Point(), RecordBuilder.Point("fp8", context: 4096)));
        Assert.DoesNotContain("times as fast", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ABatchSweepIsToldFromItsEnds()
    {
        string text = Of(
            RecordBuilder.Gpu(
                RecordBuilder.Point(batch: 4, seconds: 0.005),
                RecordBuilder.Point(batch: 1),
                RecordBuilder.Point(batch: 16, seconds: 0.008)
            )
        );
        Assert.Contains(
            "From batch 1 to 16 its tokens/s grew 8.00 times and its step 2.00 times.",
            text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void EveryRunGetsThreeToSixSentencesOnOneLine()
    {
        foreach (
            RunRecord record in new[]
            {
                TestRuns.Mixed(),
                TestRuns.Nasty(),
                RecordBuilder.Gpu(),
                RecordBuilder.Cpu(RecordBuilder.Point()),
            }
        )
        {
            string text = Of(record);
            Assert.DoesNotContain(text, char.IsControl);
            Assert.InRange($"{text} ".Split(". ").Length - 1, 3, 6);
        }
    }

    [Fact]
    public void CostsMustMatchThePoints() =>
        Assert.Throws<ArgumentException>(() => RunSummary.Write(TestRuns.Mixed(), []));

    private static PointRecord Narrow(PointRecord point) =>
        point with
        {
            FullStepCi95Low = point.FullStepSeconds - 5e-7,
            FullStepCi95High = point.FullStepSeconds + 5e-7,
        };

    private static string Of(RunRecord record) => RunSummary.Write(record, TestRuns.Costs(record));
}
