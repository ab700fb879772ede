(defpackage :shapes
;;           ^ definition.module
  (:use :cl :alexandria)
;;       ^ import
;;           ^ import
  (:import-from :uiop #:getenv)
;;               ^ import getenv
  (:export #:area #:shape))
;;           ^ export
;;                  ^ export
(in-package :shapes)
 ;; <- reference.identifier
;;           ^ import

(defvar *count* 0 "How many.")
;;      ^ definition.variable
;;      ^ doc How many.
(defparameter *limit* 10)
;;            ^ definition.variable
(defconstant +pi+ 3.14)
;;           ^ definition.constant

(defclass shape (base) ((width :initarg :width :accessor shape-width) (name :reader shape-name))
;;        ^ definition.class
;;               ^ reference.class shape
;;                       ^ definition.field shape
;;                                                       ^ definition.method shape.width
;;                                                                     ^ definition.field shape
;;                                                                                  ^ definition.method shape.name
  (:documentation "A shape."))
(defstruct point x (y 0))
;;         ^ definition.struct
;;               ^ definition.field point
;;                  ^ definition.field point

(defun area (shape) "Computes the area."
;;     ^ definition.function
;;     ^ doc Computes the area.
;;           ^ reference.call area
  (let ((w (shape-width shape))) (* w (helper w))))
;;       ^ reference.call area
;;          ^ reference.call area
;;                                ^ reference.call area
;;                                     ^ reference.call area
(defgeneric draw (shape) (:documentation "Draws."))
;;          ^ definition.function
;;                ^ reference.call draw
(defmethod draw ((s shape)) (format t "x" (area s)))
;;         ^ definition.method
;;                ^ reference.call draw
;;                  ^ reference.type draw
;;                           ^ reference.call draw
;;                                         ^ reference.call draw
(defmacro unless* (test &body body) `(if ,test nil ,@body))
;;        ^ definition.macro
;;                 ^ reference.call unless*
(define-condition too-big (error) ())
 ;; <- reference.identifier too-big
;;                ^ definition.class
;;                         ^ reference.class too-big
(deftype small () '(integer 0 9))
;;       ^ definition.type
;;                  ^ reference.call small
(require :asdf)
 ;; <- reference.call
;;        ^ import
(load "other.lisp")
 ;; <- reference.call
;;     ^ import
(mapcar #'area list)
 ;; <- reference.call
;;        ^ reference.identifier
(make-instance 'shape :width 2)
 ;; <- reference.call
;;              ^ reference.class
