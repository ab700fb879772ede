!> Shapes.
module shapes
!      ^ definition.module
!      ^ doc Shapes.
  use iso_fortran_env, only: real64, int32
!     ^ import real64
!     ^ import int32
  use :: base
!        ^ import
  implicit none
  private
  public :: area, shape
!           ^ export
!                 ^ export
  integer, parameter :: limit = 10
!                       ^ definition.constant shapes
  real :: counter
!         ^ definition.variable shapes

  !> A shape.
  type, extends(thing) :: shape
!               ^ reference.class shapes.shape
!                         ^ definition.struct shapes
!                         ^ doc A shape.
    real(real64) :: width
!                   ^ definition.field shapes.shape
  contains
    procedure :: grow => grow_shape
!                ^ definition.method shapes.shape
!                        ^ reference.identifier shapes.shape.grow
    procedure, public :: draw
!                        ^ definition.method shapes.shape
  end type shape
  interface area
!           ^ definition.interface shapes
    module procedure area_shape
!                    ^ reference.identifier shapes.area
  end interface area
  enum, bind(c)
    enumerator :: red = 1, green
!                 ^ definition.variant shapes
!                          ^ definition.variant shapes
  end enum
contains

  !> Computes.
  real function area_shape(s) result(a)
!               ^ definition.function shapes
!               ^ doc Computes.
    type(shape), intent(in) :: s
!        ^ reference.type shapes.area_shape
    integer :: local
    a = helper(s%width) * 2
!       ^ reference.call shapes.area_shape
    call grow_shape(s)
!        ^ reference.call shapes.area_shape
    call s%draw()
!          ^ reference.call shapes.area_shape
  end function area_shape

  subroutine grow_shape(this)
!            ^ definition.function shapes
    class(shape) :: this
!         ^ reference.type shapes.grow_shape
  end subroutine
end module shapes

program main
!       ^ definition.module
  use shapes
!     ^ import
  include 'common.inc'
!          ^ import
  call run(limit)
!      ^ reference.call main
end program main
submodule (shapes) detail
!          ^ import
!                  ^ definition.module
end submodule
