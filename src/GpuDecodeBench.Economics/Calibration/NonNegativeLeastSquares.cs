namespace GpuDecodeBench.Economics.Calibration;

/// <summary>
/// Least squares with unknowns that cannot be below zero: the active-set method of Lawson and Hanson, "Solving Least Squares Problems"
/// (1974), chapter 23. Sub-problems are solved by Householder's QR, so that the condition of the problem is not squared.
/// </summary>
internal static class NonNegativeLeastSquares
{
    /// <summary>What counts as nothing, against columns of length one and right sides of length one.</summary>
    private const double Tolerance = 1e-12;

    /// <summary>Finds the x ≥ 0 for which <c>‖A x − b‖</c> is least. An unknown that nothing determines is 0.</summary>
    /// <param name="rows">The rows of A, all of one length.</param>
    /// <param name="right">The right side b, one number a row.</param>
    /// <param name="unknowns">The columns of A.</param>
    public static double[] Solve(IReadOnlyList<double[]> rows, IReadOnlyList<double> right, int unknowns)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(right);
        if (rows.Count != right.Count || rows.Any(row => row.Length != unknowns))
        {
            throw new ArgumentException($"Every row needs {unknowns} numbers and a right side.", nameof(rows));
        }

        double[] scales = [.. Enumerable.Range(0, unknowns).Select(column => Length(rows.Select(row => row[column])))];
        double scale = Length(right);
        if (scale == 0)
        {
            return new double[unknowns];
        }

        double[][] scaled =
        [
            .. rows.Select(
                (row, i) =>
                    (double[])[.. row.Select((value, j) => scales[j] > 0 ? value / scales[j] : 0), right[i] / scale]
            ),
        ];
        double[] x = SolveScaled(Triangle(scaled), unknowns);
        return [.. x.Select((value, j) => scales[j] > 0 ? value * scale / scales[j] : 0)];
    }

    /// <summary>
    /// Fewer rows with the same normal equations: Householder's QR of the rows, each with its right side as its last number. The
    /// triangle is returned, at most one row a column; whatever no unknown can change is left out.
    /// </summary>
    /// <param name="rows">The rows, right sides last; not changed.</param>
    public static double[][] Triangle(IReadOnlyList<double[]> rows)
    {
        double[][] a = [.. rows.Select(row => (double[])row.Clone())];
        int columns = a.Length == 0 ? 0 : a[0].Length - 1;
        int done = 0;
        for (int column = 0; column < columns && done < a.Length; column++)
        {
            if (Reflect(a, done, column))
            {
                done++;
            }
        }

        return [.. a.Take(done)];
    }

    private static double[] SolveScaled(double[][] rows, int unknowns)
    {
        double[] x = new double[unknowns];
        List<int> passive = [];
        HashSet<int> blocked = [];

        // Each round takes one more unknown in and lowers the residual, so no set of them comes twice; the bound is for rounding.
        for (int round = 0; round < 10 * unknowns; round++)
        {
            double[] gradient = Gradient(rows, x);
            int best = -1;
            for (int j = 0; j < unknowns; j++)
            {
                bool candidate = gradient[j] > Tolerance && !passive.Contains(j) && !blocked.Contains(j);
                best = candidate && (best < 0 || gradient[j] > gradient[best]) ? j : best;
            }

            if (best < 0)
            {
                break;
            }

            passive.Add(best);
            if (!Descend(rows, x, passive, best))
            {
                // It is no more than a mixture of those that are in already.
                passive.Remove(best);
                blocked.Add(best);
            }
        }

        return x;
    }

    /// <summary>Goes to the least-squares solution over the passive unknowns, leaving behind those that reach zero on the way.</summary>
    /// <returns>False where the newest unknown cannot be above zero; nothing is changed then.</returns>
    private static bool Descend(double[][] rows, double[] x, List<int> passive, int newest)
    {
        double[]? z = SolveOver(rows, passive);
        if (z is null || z[passive.IndexOf(newest)] <= 0)
        {
            return false;
        }

        while (passive.Count > 0)
        {
            double step = 1;
            for (int i = 0; i < passive.Count; i++)
            {
                step = z[i] <= 0 ? Math.Min(step, x[passive[i]] / (x[passive[i]] - z[i])) : step;
            }

            for (int i = 0; i < passive.Count; i++)
            {
                x[passive[i]] += step * (z[i] - x[passive[i]]);
            }

            if (step >= 1)
            {
                return true;
            }

            foreach (int j in passive.Where(j => x[j] <= Tolerance).ToArray())
            {
                x[j] = 0;
                passive.Remove(j);
            }

            z = SolveOver(rows, passive) ?? throw new InvalidOperationException("Fewer columns cannot be dependent.");
        }

        return true;
    }

    /// <summary>The least-squares solution over some columns; null where they depend on one another.</summary>
    private static double[]? SolveOver(double[][] rows, List<int> columns)
    {
        int n = columns.Count;
        double[][] a = [.. rows.Select(row => (double[])[.. columns.Select(column => row[column]), row[^1]])];
        if (a.Length < n)
        {
            return null;
        }

        for (int k = 0; k < n; k++)
        {
            Reflect(a, k, k);
            if (Math.Abs(a[k][k]) < Tolerance)
            {
                return null;
            }
        }

        double[] z = new double[n];
        for (int k = n - 1; k >= 0; k--)
        {
            double sum = a[k][n];
            for (int j = k + 1; j < n; j++)
            {
                sum -= a[k][j] * z[j];
            }

            z[k] = sum / a[k][k];
        }

        return z;
    }

    /// <summary>Householder's reflection that makes column <paramref name="column"/> zero below row <paramref name="first"/>.</summary>
    /// <returns>False where it is zero from there on already.</returns>
    private static bool Reflect(double[][] a, int first, int column)
    {
        double sum = 0;
        for (int i = first; i < a.Length; i++)
        {
            sum += a[i][column] * a[i][column];
        }

        if (sum == 0)
        {
            return false;
        }

        double pivot = a[first][column];
        double target = pivot > 0 ? -Math.Sqrt(sum) : Math.Sqrt(sum);

        // The mirror's normal is the column less what becomes of it; its squared length follows from the column's.
        double[] normal = new double[a.Length];
        for (int i = first; i < a.Length; i++)
        {
            normal[i] = a[i][column];
        }

        normal[first] -= target;
        double square = 2 * (sum - (pivot * target));
        double[] dots = new double[a[first].Length];
        for (int i = first; i < a.Length; i++)
        {
            double weight = 2 * normal[i] / square;
            for (int j = column; weight != 0 && j < dots.Length; j++)
            {
                dots[j] += weight * a[i][j];
            }
        }

        for (int i = first; i < a.Length; i++)
        {
            for (int j = column; normal[i] != 0 && j < dots.Length; j++)
            {
                a[i][j] -= normal[i] * dots[j];
            }
        }

        return true;
    }

    private static double[] Gradient(double[][] rows, double[] x)
    {
        double[] gradient = new double[x.Length];
        foreach (double[] row in rows)
        {
            double residual = row[^1];
            for (int j = 0; j < x.Length; j++)
            {
                residual -= row[j] * x[j];
            }

            for (int j = 0; j < x.Length; j++)
            {
                gradient[j] += row[j] * residual;
            }
        }

        return gradient;
    }

    private static double Length(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
