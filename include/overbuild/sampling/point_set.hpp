// Sets of points in the unit cube, one point per path, that fill it more evenly than independent
// points: scrambled Sobol points and Latin hypercubes.
//
// Path p is point p mod n of replicate p / n. Replicates are independent of one another, and each
// point by itself is uniform, so that averages are unbiased and their errors can be told from the
// spread between the replicates.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace overbuild {

class PointSet {
 public:
  virtual ~PointSet() = default;

  /// Writes the coordinate number `dimension` of the paths first_path + lane, in [2^-33, 1 -
  /// 2^-33]. uniforms[lane] is aligned to 64 bytes; `lanes` is a power of two from 8 on that
  /// divides first_path and the number of points of a replicate. Called by many threads at once.
  virtual void fill(std::uint64_t seed, std::uint64_t first_path, int lanes, std::size_t dimension,
                    double* uniforms) const = 0;
};

/// Sobol points with 32 bits and nested uniform scrambling: any 2^k points in a row that begin at a
/// multiple of 2^k have one point in each interval [j, j + 1) / 2^k of every dimension.
///
/// The direction numbers are those of Boost.Random's sobol engine (Joe and Kuo 2008, SIAM J. Sci.
/// Comput. 30). The scrambling (Owen 1995) is by a hash of the reversed bits in which a bit depends
/// on itself, on those that were more significant and on four keys alone (Burley 2020, Practical
/// hash-based Owen scrambling, JCGT 9; Laine and Karras 2011); the keys are a Philox block of
/// (seed, replicate, dimension).
class SobolPoints : public PointSet {
 public:
  static const std::size_t most_dimensions;                             ///< 3667
  static constexpr std::uint64_t most_points = std::uint64_t{1} << 32;  ///< of a replicate

  /// `points` of a replicate, a power of two from 8 on. Throws Error(internal) for sizes beyond the
  /// limits.
  SobolPoints(std::size_t dimensions, std::uint64_t points);

  void fill(std::uint64_t seed, std::uint64_t first_path, int lanes, std::size_t dimension,
            double* uniforms) const override;

 private:
  std::uint64_t points_;
  int bits_;                              // of a point's number
  std::vector<std::uint32_t> direction_;  // [dimension][bit of the point's number], bits reversed
};

/// Latin hypercubes: of the n points of a replicate each interval [j, j + 1) / n of every dimension
/// has one, at a random place; the orders of the intervals are independent pseudo-random
/// permutations. Source: McKay, Beckman, Conover (1979), Technometrics 21.
class LatinHypercube : public PointSet {
 public:
  /// `points` of a replicate, a multiple of 8.
  explicit LatinHypercube(std::uint64_t points);

  void fill(std::uint64_t seed, std::uint64_t first_path, int lanes, std::size_t dimension,
            double* uniforms) const override;

 private:
  std::uint64_t points_, rows_, columns_;  // points = rows x columns
};

/// uniforms[0 .. count - 1] in (0, 1) to standard normals by the inverse of their distribution
/// function, in place; aligned to 64 bytes, `count` a multiple of 8.
void uniforms_to_normals(double* uniforms, int count);

}  // namespace overbuild
