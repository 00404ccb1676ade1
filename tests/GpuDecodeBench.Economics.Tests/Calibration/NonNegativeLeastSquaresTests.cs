using GpuDecodeBench.Economics.Calibration;

namespace GpuDecodeBench.Economics.Tests.Calibration;

public class NonNegativeLeastSquaresTests
{
    [Fact]
    public void APositiveSolutionIsFoundExactly()
    {
        // x + y = 3, x - y = 1, 2 x = 4: x = 2, y = 1.
        double[] x = NonNegativeLeastSquares.Solve(
            [
                [1, 1],
                [1, -1],
                [2, 0],
            ],
            [3, 1, 4],
            2
        );
        Assert.Equal(2, x[0], 12);
        Assert.Equal(1, x[1], 12);
    }

    [Fact]
    public void AnUnknownThatWouldBeNegativeIsZeroAndTheOthersAreFittedAnew()
    {
        // Free: x + y = 1, x = 3 gives x = 3, y = -2. With y = 0, x is the mean of 1 and 3.
        double[] x = NonNegativeLeastSquares.Solve(
            [
                [1, 1],
                [1, 0],
            ],
            [1, 3],
            2
        );
        Assert.Equal(2, x[0], 12);
        Assert.Equal(0, x[1]);
    }

    [Fact]
    public void WhatNothingDeterminesIsZero()
    {
        // The second column is empty, the third is twice the first: 4 of the first alone fit.
        double[] x = NonNegativeLeastSquares.Solve(
            [
                [1, 0, 2],
                [2, 0, 4],
            ],
            [4, 8],
            3
        );
        Assert.Equal(0, x[1]);
        Assert.Equal(4, x[0] + (2 * x[2]), 12);
    }

    [Fact]
    public void ColumnsOfVeryDifferentSizeDoNotDisturbOneAnother()
    {
        double[][] rows =
        [
            [1e9, 1e-3, 1],
            [2e9, 5e-3, 1],
            [7e9, 2e-3, 1],
            [3e9, 9e-3, 1],
        ];
        double[] known = [3e-9, 40, 0.25];
        double[] right = [.. rows.Select(row => row.Zip(known, (a, b) => a * b).Sum())];
        double[] x = NonNegativeLeastSquares.Solve(rows, right, 3);
        Assert.All(x.Zip(known), pair => Assert.Equal(1, pair.First / pair.Second, 9));
    }

    [Fact]
    public void NoOtherNonNegativePointIsNearerToTheRightSide()
    {
        const int Seed = 20261129;
        var random = new Random(Seed);
        for (int trial = 0; trial < 200; trial++)
        {
            int unknowns = random.Next(1, 7);
            double[][] rows =
            [
                .. Enumerable
                    .Range(0, random.Next(1, 12))
                    .Select(_ => Enumerable.Range(0, unknowns).Select(_ => random.NextDouble() - 0.3).ToArray()),
            ];
            double[] right = [.. rows.Select(_ => random.NextDouble() - 0.3)];
            double[] x = NonNegativeLeastSquares.Solve(rows, right, unknowns);
            double[] residual = [.. rows.Select((row, i) => right[i] - row.Zip(x, (a, b) => a * b).Sum())];
            for (int j = 0; j < unknowns; j++)
            {
                // The conditions of Karush, Kuhn and Tucker: no unknown can be raised with profit, and none above zero lowered.
                double gradient = rows.Select((row, i) => row[j] * residual[i]).Sum();
                string where = $"seed {Seed}, trial {trial}, unknown {j}: x {x[j]}, gradient {gradient}";
                Assert.True(x[j] >= 0 && gradient <= 1e-9, where);
                Assert.True(x[j] == 0 || Math.Abs(gradient) <= 1e-9, where);
            }
        }
    }

    [Fact]
    public void ATriangleHasTheSameNormalEquations()
    {
        double[][] rows =
        [
            [1, 0, 2, 5],
            [3, 0, 1, 1],
            [2, 0, 2, 2],
            [4, 0, 1, 7],
        ];
        double[][] few = NonNegativeLeastSquares.Triangle(rows);
        Assert.Equal(2, few.Length);
        for (int j = 0; j < 3; j++)
        {
            for (int k = 0; k < 4; k++)
            {
                Assert.Equal(rows.Sum(row => row[j] * row[k]), few.Sum(row => row[j] * row[k]), 10);
            }
        }
    }
}
