#ifndef SHAPES_HPP
//      ^ reference.identifier
#define SHAPES_HPP

#include <memory>
//        ^ import
#include "geometry/base.h"
//        ^ import
#define SHAPES_EXPORT
//      ^ definition.macro
#define SHAPES_LIMIT 8
//      ^ definition.macro
#define SHAPES_MIN(a, b) ((a) < (b) ? (a) : (b))
//      ^ definition.macro

using namespace std;
//              ^ import
using geometry::Angle;
//    ^ import Angle
//              ^ reference.identifier
namespace fs = std::filesystem;
//        ^ definition.module
//             ^ reference.module fs

extern "C" int shapes_version(int major);
//             ^ definition.function
extern int shapes_loaded;
//         ^ definition.variable
int* shapes_table(void);
//   ^ definition.function
#if SHAPES_LIMIT
void shapes_reset(int limit);
//   ^ definition.function
static long resets;
//          ^ definition.variable
inline void shapes_clear() {
//          ^ definition.function
# ifdef SHAPES_DEBUG
  static int calls = 0;
  Shape spare(calls), *last;
# endif
  const int most = 3;
}
#endif

namespace shapes {
//        ^ definition.module
namespace detail::inner {
//        ^ definition.implementation shapes
//                ^ definition.module shapes.detail
const int kDepth = 3;
//        ^ definition.constant shapes.detail.inner
std::string *names[2], &first = names[0];
//           ^ definition.variable shapes.detail.inner
//                      ^ definition.variable shapes.detail.inner
int (*callback)(int) = nullptr;
//    ^ definition.variable shapes.detail.inner
bool operator<(const Angle& a, const Angle& b);
//   ^ definition.function shapes.detail.inner
Angle& widest(Angle& a, Angle& b);
//     ^ definition.function shapes.detail.inner
}

enum class Kind : unsigned { Round, Square = 4 };
//         ^ definition.enumeration shapes
//                           ^ definition.variant shapes.Kind
//                                  ^ definition.variant shapes.Kind
union Bits { int whole; char parts[4]; };
//    ^ definition.union shapes
//               ^ definition.field shapes.Bits
//                           ^ definition.field shapes.Bits
using Area = double;
//    ^ definition.type shapes
typedef struct corner { int x; } corner, corner_t;
//             ^ definition.struct shapes
//                          ^ definition.field shapes.corner
//                                       ^ definition.type shapes
typedef struct { int y; } edge_t;
//                   ^ definition.field shapes.edge_t
//                        ^ definition.struct shapes
typedef union { int z; } face_t;
//                  ^ definition.field shapes.face_t
//                       ^ definition.union shapes
typedef enum { Up } way_t;
//             ^ definition.variant shapes.way_t
//                  ^ definition.enumeration shapes
typedef Kind kinds[2];
//           ^ definition.type shapes
typedef bool (*filter)(Kind);
//             ^ definition.type shapes
typedef const char* label;
//                  ^ definition.type shapes
typedef Area area_t;
//           ^ definition.type shapes

// Anything with an area.
class Shape : public Base, private geometry::Sized<Area> {
//    ^ definition.class shapes
//                   ^ reference.class shapes.Shape
//                                 ^ reference.module shapes.Shape
//                                           ^ reference.class shapes.Shape
//                                                 ^ reference.type shapes.Shape
 public:
  Shape() : sides_(0) {}
//^ definition.constructor shapes.Shape
  explicit Shape(int sides);
//         ^ definition.constructor shapes.Shape
  template <typename It> Shape(It first, It last);
//                       ^ definition.constructor shapes.Shape
  virtual ~Shape();
//        ^ definition.method shapes.Shape
  virtual Area area() const = 0;
//             ^ definition.method shapes.Shape
  Shape* clone() const;
//       ^ definition.method shapes.Shape
  Shape& grow(int by) { return *this; }
//       ^ definition.method shapes.Shape
  const char* name() const { return name_; }
//            ^ definition.method shapes.Shape
  const char** names() const { return nullptr; }
//             ^ definition.method shapes.Shape
  Shape& operator=(const Shape& other) = delete;
//       ^ definition.method shapes.Shape
  bool operator==(const Shape& other) const { return true; }
//     ^ definition.method shapes.Shape
  bool operator!=(const Shape& other) const;
//     ^ definition.method shapes.Shape
  template <typename T> T as() const { return T(*this); }
//                        ^ definition.method shapes.Shape
  template <typename T> T* find(T* from);
//                         ^ definition.method shapes.Shape
  friend bool operator<(const Shape& a, const Shape& b);
  SHAPES_DECLARE(Shape);
//^ reference.call shapes.Shape
  static constexpr int kMost = 9;
//                     ^ definition.field shapes.Shape
  int sides_ = 0, *ends_[2];
//    ^ definition.field shapes.Shape
//                 ^ definition.field shapes.Shape
  const char* name_;
//            ^ definition.field shapes.Shape
  Area (*measure_)(int);
//       ^ definition.field shapes.Shape
  Shape& parent_;
//       ^ definition.field shapes.Shape
  struct { int left; } margin_;
//             ^ definition.field shapes.Shape.margin_
//                     ^ definition.field shapes.Shape
};

/// Holds shapes.
template <typename T>
class Box {
//    ^ definition.class shapes
};
template <typename T> struct Pair { T first; };
//                           ^ definition.struct shapes
//                                    ^ definition.field shapes.Pair
template <typename T> using Boxes = std::vector<Box<T>>;
//                          ^ definition.type shapes
template <typename T> concept Sizable = requires(T t) { t.size(); };
//                            ^ definition.trait shapes
template <typename T> constexpr T zero = T(0);
//                                ^ definition.variable shapes
template <typename T> T* largest(T* a, T* b) { return compare<T>(a, b); }
//                       ^ definition.function shapes
//                                                    ^ reference.call shapes.largest
template <typename T> T& smallest(T& a, T& b);
//                       ^ definition.function shapes

/// Swaps two boxes.
template <typename T>
template <typename U>
void Box<T>::swap(U& other) {}
//   ^ definition.implementation shapes
//           ^ definition.method shapes.Box
//           ^ doc Swaps two boxes.

/// The larger one.
template <typename T>
  requires Sizable<T>
T larger(T a, T b) { return a; }
//^ definition.function shapes
//^ doc The larger one.
template <typename T> T first(T a);
//                      ^ definition.function shapes
void last();
//   ^ definition.function shapes
//   ^ doc ^ definition.function shapes
template <> class Box<int> {};
//                ^ definition.implementation shapes
template <> struct Pair<int> {};
//                 ^ definition.implementation shapes
}

template <> struct std::hash<shapes::Kind> {};
//                 ^ definition.implementation
//                      ^ definition.implementation
#endif
