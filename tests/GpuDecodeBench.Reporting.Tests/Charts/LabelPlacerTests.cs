using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Tests.Charts;

public sealed class LabelPlacerTests
{
    private const double Size = 12;

    [Fact]
    public void WordsBesideCrowdedMarksNeverOverlapAndStayInside()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        var bounds = new PixelBox(0, 0, 300, 200);
        var placer = new LabelPlacer(bounds);
        (double X, double Y)[] marks =
        [
            .. Enumerable.Range(0, 60).Select(_ => (random.NextDouble() * 300, random.NextDouble() * 200)),
        ];
        foreach ((double x, double y) in marks)
        {
            placer.Take(PixelBox.Around(x, y, 5));
        }

        PixelBox[] boxes =
        [
            .. marks
                .Select(mark => placer.Place("word", mark.X, mark.Y, Size, 8))
                .OfType<(double X, double Baseline)>()
                .Select(place => new PixelBox(
                    place.X,
                    place.Baseline - (0.35 * Size) - (0.6 * Size),
                    place.X + TextWidth.Of("word", Size),
                    place.Baseline - (0.35 * Size) + (0.6 * Size)
                )),
        ];

        Assert.InRange(boxes.Length, 10, 59);
        for (int i = 0; i < boxes.Length; i++)
        {
            Assert.True(
                boxes[i].Left >= 0 && boxes[i].Right <= 300.001 && boxes[i].Top >= -0.001 && boxes[i].Bottom <= 200.001,
                $"seed {Seed}"
            );
            Assert.DoesNotContain(boxes.Skip(i + 1), other => other.Overlaps(boxes[i]));
            Assert.DoesNotContain(marks, mark => boxes[i].Overlaps(PixelBox.Around(mark.X, mark.Y, 5)));
        }
    }

    [Fact]
    public void AWordStandsAtTheRightOfItsMarkWhereThereIsRoom()
    {
        var placer = new LabelPlacer(new PixelBox(0, 0, 300, 200));

        Assert.Equal(58, placer.Place("a", 50, 50, Size, 8)!.Value.X, 9);
        // The second word at the same place goes to the left.
        Assert.True(placer.Place("a", 50, 50, Size, 8)!.Value.X < 50);
    }

    [Fact]
    public void ThereIsNoRoomForAWordThatIsWiderThanThePlot() =>
        Assert.Null(new LabelPlacer(new PixelBox(0, 0, 30, 30)).Place("a long word", 15, 15, Size, 8));
}
